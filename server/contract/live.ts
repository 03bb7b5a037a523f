import { z } from 'zod'
import { endpoint, queryInt, timestamp } from './endpoint.ts'
import { agent } from './fleet/agents.ts'
import { budget } from './money/budgets.ts'
import { engine } from './runners/engines.ts'
import { runner } from './runners/runners.ts'
import { approval } from './runs/approvals.ts'
import { delta, runEvent } from './runs/events.ts'
import { run, runStatuses } from './runs/runs.ts'
import { flow } from './work/flows.ts'
import { message } from './work/messages.ts'
import { epic, task } from './work/tasks.ts'

const base = z.object({ seq: z.int(), ts: timestamp, op: z.enum(['created', 'changed', 'deleted']), id: z.string() })

/** One change of one thing, with the thing as it is now; `data` is null when it is gone. */
export const change = z
  .discriminatedUnion('noun', [
    base.extend({ noun: z.literal('run'), data: run.nullable() }),
    base.extend({ noun: z.literal('approval'), data: approval.nullable() }),
    base.extend({ noun: z.literal('runner'), data: runner.nullable() }),
    base.extend({ noun: z.literal('engine'), data: engine.nullable() }),
    base.extend({ noun: z.literal('task'), data: task.nullable() }),
    base.extend({ noun: z.literal('epic'), data: epic.nullable() }),
    base.extend({ noun: z.literal('flow'), data: flow.nullable() }).describe('Also each of its runs'),
    base.extend({ noun: z.literal('message'), data: message.nullable() }),
    base.extend({ noun: z.literal('agent'), data: agent.nullable() }),
    base.extend({ noun: z.literal('budget'), data: budget.nullable() }),
    base.extend({ noun: z.literal('input'), data: z.null() }).describe('The queue of a run; id is the run'),
    base.extend({ noun: z.literal('key'), data: z.null() }),
    base.extend({ noun: z.literal('user'), data: z.null() }),
    base.extend({ noun: z.literal('session'), data: z.null() }),
    base.extend({ noun: z.literal('secret'), data: z.null() }),
    base.extend({ noun: z.literal('pairing'), data: z.null() }),
    base.extend({ noun: z.literal('mcp'), data: z.null() }),
    base.extend({ noun: z.literal('data'), data: z.null() }).describe('Retention, or the copies of the database')
  ])
  .meta({ id: 'Change' })
export type Change = z.infer<typeof change>
export type Noun = Change['noun']

export const streamChanges = endpoint({
  id: 'streamChanges',
  method: 'GET',
  path: '/api/v1/stream',
  tag: 'live',
  summary:
    'Every change as server-sent events, resumable by `after` or `Last-Event-ID`. Changes of one thing that come close ' +
    'together may arrive as one. `event: reset` says that the log no longer reaches back so far: read again, then go on.',
  scope: 'read',
  query: z.object({ after: queryInt(0, Number.MAX_SAFE_INTEGER).optional() }),
  output: z.object({ data: z.array(change) }),
  stream: 'text/event-stream',
  message: z.union([change, z.object({ seq: z.int() }).describe('Of `event: reset`')])
})

/** What a client says on `WS /api/v1/ws`. Changes come unasked; the events of a run come after `follow`. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('follow'), runId: z.string().max(64), after: z.int().min(0) }),
  z.object({ type: z.literal('unfollow'), runId: z.string().max(64) })
])
export type ClientMessage = z.infer<typeof clientMessage>

export const serverMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), seq: z.int().describe('Changes after this one will follow') }),
  z.object({ type: z.literal('change'), change }),
  z.object({ type: z.literal('reset'), seq: z.int() }),
  z.object({ type: z.literal('event'), runId: z.string(), event: runEvent }),
  z.object({ type: z.literal('delta'), runId: z.string(), delta }),
  z.object({ type: z.literal('end'), runId: z.string(), status: z.enum(runStatuses) }),
  z.object({ type: z.literal('error'), message: z.string() })
])
export type ServerMessage = z.infer<typeof serverMessage>

/** Path of the WebSocket; `?after=<seq>` resumes the changes. One message holds one or several server messages, one a line. */
export const webSocketPath = '/api/v1/ws'

/** Runs one WebSocket may follow at a time. */
export const maxFollowedRuns = 50
