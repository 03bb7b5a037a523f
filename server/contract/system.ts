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

export const system = z
  .object({
    version: z.string(),
    instanceId: z.string(),
    startedAt: timestamp,
    url: z.string(),
    platform: z.string(),
    node: z.string(),
    faces: z.array(z.object({ id: z.string(), title: z.string(), baseUrl: z.string() })),
    runtimes: z.array(runtimeDescription),
    runners: z.object({ online: z.int(), total: z.int() }),
    runs: z.record(z.enum(runStatuses), z.int()),
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
