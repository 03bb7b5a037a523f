import { z } from 'zod'
import { endpoint, timestamp } from './endpoint.ts'
import { runtimeDescription } from './runners/runners.ts'
import { runStatuses } from './runs/runs.ts'

export const healthz = endpoint({
  id: 'healthz',
  method: 'GET',
  path: '/healthz',
  tag: 'system',
  summary: 'Whether the control plane answers and can write',
  scope: 'public',
  output: z.object({ status: z.enum(['ok', 'degraded']), detail: z.string().nullable() })
})

/** `by` the key or login of who calls, or the address of the client. `under`: only what lies below this path. */
const rateLimit = z.object({
  requests: z.int(),
  windowSeconds: z.int(),
  by: z.enum(['address', 'credential']),
  under: z.string().nullable()
})

export const system = z
  .object({
    version: z.string(),
    instanceId: z.string(),
    startedAt: timestamp,
    url: z.string().describe('Where this computer reaches it'),
    addresses: z
      .array(z.string())
      .describe('Where other computers reach it, the likeliest first; none: it listens on this computer only'),
    platform: z.string(),
    node: z.string(),
    faces: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        baseUrl: z.string(),
        docsUrl: z.string().describe('A page for people; its document is `openapi.json` beside it'),
        limits: z
          .array(rateLimit)
          .describe('What it takes in a window that slides; beyond it a request is answered 429')
      })
    ),
    keyStyles: z
      .array(z.object({ name: z.string(), prefix: z.string() }))
      .describe('What keys may look like, each as the clients of a face expect it'),
    runtimes: z.array(runtimeDescription),
    runners: z.object({ online: z.int(), total: z.int() }),
    runs: z.record(z.enum(runStatuses), z.int()),
    demo: z.boolean().describe('Demo data is there, and the caller sees it'),
    pendingApprovals: z.int(),
    oldestPendingApprovalAt: timestamp.nullable(),
    store: z.object({ status: z.enum(['ok', 'failing']), detail: z.string().nullable(), bytes: z.int() })
  })
  .meta({ id: 'System' })
export type System = z.infer<typeof system>

export const getSystem = endpoint({
  id: 'getSystem',
  method: 'GET',
  path: '/api/v1/system',
  tag: 'system',
  summary: 'What runs here: version, faces, runners, runtimes, counts',
  scope: 'read',
  output: system
})
