import { z } from 'zod'
import { endpoint, idParams, queryInt, timestamp } from '../endpoint.ts'
import { runStatuses } from './runs.ts'

export const eventKinds = [
  'system',
  'user',
  'thinking',
  'assistant',
  'tool_use',
  'tool_result',
  'approval',
  'usage',
  'result',
  'error'
] as const
export type EventKind = (typeof eventKinds)[number]

/** What a tool does, in words that every runtime shares; the UI picks icon and folding by it. */
export const toolKinds = [
  'read',
  'search',
  'edit',
  'command',
  'web',
  'agent',
  'todo',
  'plan',
  'question',
  'other'
] as const
export type ToolKind = (typeof toolKinds)[number]

/** One hunk of a unified diff; each line starts with ' ', '+' or '-'. Line numbers start at 1. */
export const hunk = z.object({
  oldStart: z.int(),
  oldLines: z.int(),
  newStart: z.int(),
  newLines: z.int(),
  lines: z.array(z.string())
})
export type Hunk = z.infer<typeof hunk>

/** Data of `tool_use`. `parent` is the toolUseId of the sub-agent call that this call lies in. */
export const toolUseData = z.object({
  toolUseId: z.string(),
  tool: z.string(),
  toolKind: z.enum(toolKinds),
  /** The one argument worth showing: a path, a command, a pattern. */
  argument: z.string().nullable(),
  input: z.unknown(),
  parent: z.string().nullish()
})
export type ToolUseData = z.infer<typeof toolUseData>

/** Data of `tool_result`. `text` is what the agent saw; `diff` is there when a file changed. */
export const toolResultData = z.object({
  toolUseId: z.string(),
  isError: z.boolean(),
  /** A person stopped the call: nothing failed. */
  stopped: z.boolean().nullish(),
  text: z.string(),
  exitCode: z.int().nullish(),
  diff: z.object({ path: z.string(), created: z.boolean(), hunks: z.array(hunk) }).nullish(),
  durationMs: z.int().nullish(),
  parent: z.string().nullish()
})
export type ToolResultData = z.infer<typeof toolResultData>

/** Data of `approval`: the request, then the decision under the same approvalId. */
export const approvalEventData = z.object({
  approvalId: z.string(),
  state: z.enum(['requested', 'approved', 'denied', 'withdrawn', 'expired']),
  approvalKind: z.enum(['tool', 'question', 'plan', 'trust']),
  tool: z.string(),
  toolUseId: z.string().nullish(),
  title: z.string(),
  subject: z.string(),
  by: z.string().nullish(),
  reason: z.string().nullish(),
  /** What was answered, where it was a question. */
  answer: z.string().nullish(),
  waitedMs: z.int().nullish()
})
export type ApprovalEventData = z.infer<typeof approvalEventData>

/**
 * Data of `system`. Unknown subtypes appear with every CLI version: show the message, ignore the rest. `commands`: of
 * `init`, what can be typed after a slash.
 */
export const systemEventData = z.looseObject({
  subtype: z.string(),
  commands: z.array(z.string()).optional()
})
export type SystemEventData = z.infer<typeof systemEventData>

/** Data of `error`; `retrying` says that the agent tries again by itself. */
export const errorEventData = z.object({
  code: z.string(),
  status: z.int().nullish(),
  retrying: z.boolean().default(false)
})
export type ErrorEventData = z.infer<typeof errorEventData>

/** Longest `message` or text inside `data` that one event keeps, in characters; what is cut is said in the text. */
export const maxEventText = 1_000_000

/** One step of a run. `seq` starts at 1 and has no gaps; the control plane assigns it in the commit. */
export const runEvent = z
  .object({
    seq: z.int().min(1),
    ts: timestamp,
    kind: z.enum(eventKinds),
    message: z.string(),
    data: z.record(z.string(), z.unknown())
  })
  .meta({ id: 'RunEvent' })
export type RunEvent = z.infer<typeof runEvent>

/** Half-finished text: live listeners only, never stored. `text` is what was added since the last delta of this block. */
export const delta = z.object({
  block: z.string(),
  kind: z.enum(['assistant', 'thinking']),
  text: z.string(),
  parent: z.string().nullish()
})
export type Delta = z.infer<typeof delta>

export const eventPageLimit = 500

export const listRunEvents = endpoint({
  id: 'listRunEvents',
  method: 'GET',
  path: '/api/v1/runs/:id/events',
  tag: 'runs',
  summary:
    'Events after a sequence number. With `Accept: text/event-stream` the same events arrive live: each frame carries ' +
    'its seq as id, so `Last-Event-ID` resumes; `event: delta` frames carry half-finished text; `event: end` closes.',
  scope: 'read',
  params: idParams,
  query: z.object({
    after: queryInt(0, Number.MAX_SAFE_INTEGER).default(0),
    limit: queryInt(1, eventPageLimit).default(eventPageLimit)
  }),
  output: z.object({ data: z.array(runEvent) }),
  errors: ['NOT_FOUND'],
  stream: 'text/event-stream',
  message: z.union([
    runEvent,
    delta.describe('Of `event: delta`'),
    z.object({ status: z.enum(runStatuses) }).describe('Of `event: end`')
  ])
})
