import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, queryInt, timestamp } from '../endpoint.ts'
import type { ErrorCode } from '../errors.ts'
import { label, maxLabels } from '../labels.ts'
import { placeId } from '../place.ts'
import { usd } from '../usd.ts'
import { promptImages, runImage } from './images.ts'
import { trustWishes } from './trust.ts'

export const runStatuses = [
  'QUEUED',
  'CLAIMED',
  'RUNNING',
  'WAITING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
  'LOST'
] as const
export type RunStatus = (typeof runStatuses)[number]

export const endedStatuses = [
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
  'LOST'
] as const satisfies readonly RunStatus[]

export function isEnded(status: RunStatus): boolean {
  return (endedStatuses as readonly RunStatus[]).includes(status)
}

export const permissionModes = ['default', 'acceptEdits', 'bypassPermissions', 'plan'] as const
export type PermissionMode = (typeof permissionModes)[number]

/** Any program as an agent. `prompt`: where it reads its task. `output`: plain lines, or the JSON-lines protocol of docs/command-protocol.md. */
export const commandSpec = z.object({
  program: z.string().min(1).max(4096).describe('A name on the PATH or an absolute path'),
  args: z.array(z.string().max(32_768)).max(256).default([]),
  prompt: z.enum(['stdin', 'argument']).default('stdin').describe('argument: appended as the last argument'),
  output: z.enum(['lines', 'events']).default('lines')
})
export type CommandSpec = z.infer<typeof commandSpec>

export const tokenUsage = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  cacheReadTokens: z.int(),
  cacheWriteTokens: z.int()
})
export type TokenUsage = z.infer<typeof tokenUsage>

/** Why a run ended badly; `code` is stable, `message` says what to do. */
export const runFailure = z.object({ code: z.string(), message: z.string() })
export type RunFailure = z.infer<typeof runFailure>

/** A process that the agent started to outlive its run, in a session of its own. */
export const runDaemon = z.object({ pid: z.int(), command: z.string() }).meta({ id: 'RunDaemon' })

export const run = z
  .object({
    id: z.uuid(),
    number: z.int().describe('Counts up by one; what people call the run'),
    status: z.enum(runStatuses),
    statusReason: z.string().nullable().describe('Why it has this status, in words'),
    statusSince: timestamp,
    input: z.string(),
    images: z.array(runImage).describe('What came with its prompt'),
    title: z.string().nullable().describe('Given by a person; null: it is called by the first line of its prompt'),
    cwd: z.string().nullable().describe('null until a runner made its private folder'),
    permissionMode: z.enum(permissionModes),
    model: z.string().nullable(),
    runtime: z.string(),
    command: commandSpec.nullable(),
    agentId: z.string().nullable(),
    taskId: z.string().nullable(),
    flowId: z.string().nullable(),
    runnerId: z.string().nullable(),
    place: placeId,
    labels: z.array(z.string()).describe('What its runner must have'),
    parentRunId: z.string().nullable(),
    rootRunId: z.string().describe('First run of the chain'),
    fork: z.boolean().describe('Continues its parent in a session of its own'),
    sessionId: z.string().nullable(),
    trigger: z.enum(['manual', 'agent', 'task', 'flow', 'followup', 'fork', 'retry']),
    result: z.string().nullable(),
    error: runFailure.nullable(),
    stopping: z.enum(['no', 'asked', 'now']),
    usage: tokenUsage,
    costUsd: usd.nullable().describe('null: unknown'),
    costEstimated: z.boolean().describe('The runtime told no price: worked out from the price table'),
    contextUsed: z.int().nullable(),
    contextMax: z.int().nullable(),
    timeoutSeconds: z.int().nullable(),
    waitedMs: z.int().describe('Time spent waiting for a person; does not count against the timeout'),
    toolsMs: z.int().describe('Time with any tool at work, of those that finished, without waiting for a person'),
    daemons: z.array(runDaemon).describe('Processes that its agent left on purpose and that still live'),
    durationMs: z.int().nullable().describe('From start to end; null until it ended'),
    lastSeq: z.int(),
    eventsRemovedAt: timestamp.nullable().describe('When its events were let go; null: they are there'),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    endedAt: timestamp.nullable()
  })
  .meta({ id: 'Run' })
export type Run = z.infer<typeof run>

const prompt = z.string().trim().min(1, 'say what the agent should do').max(1_000_000)

export const launchBody = z.object({
  prompt,
  images: promptImages,
  cwd: z.string().min(1).max(4096).optional().describe('Absolute folder; without it the run gets a private one'),
  agentId: z.string().min(1).max(64).optional().describe('Id or slug; its settings count where the body names none'),
  runtime: z.string().min(1).max(64).optional(),
  command: commandSpec.optional().describe('For runtimes that run a program of yours, such as `command`'),
  model: z.string().min(1).max(200).optional(),
  permissionMode: z.enum(permissionModes).optional().describe('Default: that of the agent, else `default`'),
  runnerId: z.string().min(1).max(64).optional().describe('Only this runner'),
  place: placeId.optional().describe('Where its agent runs; default: as the agent says, else `host`'),
  trust: z
    .enum(trustWishes)
    .default('ask')
    .describe(
      'Settings in the folder that act by themselves: `ask` waits until a person trusts them, `never` goes on at once without what nobody trusted yet'
    ),
  beside: z
    .enum(['go_on', 'wait'])
    .optional()
    .describe(
      'Where another run works in the folder, above it or below it when this one could start: `go_on` beside it, the default, or `wait` until that has ended'
    ),
  labels: z.array(label).max(maxLabels).default([]).describe('Only runners that have all of these take it'),
  timeoutSeconds: z.int().min(5).max(604_800).optional()
})
export type LaunchBody = z.output<typeof launchBody>

const runErrors = ['NOT_FOUND'] as const

export const listRuns = endpoint({
  id: 'listRuns',
  method: 'GET',
  path: '/api/v1/runs',
  tag: 'runs',
  summary: 'Runs, most recent first',
  scope: 'read',
  query: pageQuery.extend({
    status: z.string().max(200).optional().describe('One status or several with commas'),
    runtime: z.string().max(64).optional(),
    rootRunId: z.string().max(64).optional().describe('All runs of one chain'),
    agentId: z.string().max(64).optional().describe('Id or slug'),
    tag: z.string().max(100).optional().describe('Runs of agents that have this tag now'),
    taskId: z.string().max(64).optional(),
    flowId: z.string().max(64).optional(),
    runnerId: z.string().max(64).optional().describe('Runs that a runner took, or that only it may take'),
    folder: z.string().max(4096).optional().describe('Runs in this folder and what lies below it'),
    search: z
      .string()
      .max(200)
      .optional()
      .describe('Words that all stand in the prompt or the title, or `#n` for the run of this number'),
    before: queryInt(1, Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Only runs of a smaller number: goes on where a page ended, whatever came or went since')
  }),
  output: page(run),
  errors: ['NOT_FOUND']
})

export const launchRun = endpoint({
  id: 'launchRun',
  method: 'POST',
  path: '/api/v1/runs',
  tag: 'runs',
  summary: 'Launch a run. It is queued at once and a runner takes it.',
  scope: 'write',
  body: launchBody,
  output: run,
  status: 201,
  errors: [
    'UNKNOWN_RUNTIME',
    'UNKNOWN_RUNNER',
    'UNKNOWN_AGENT',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'CWD_NOT_ALLOWED',
    'BUDGET_EXHAUSTED',
    'LIMIT_REACHED',
    'NOT_SUPPORTED'
  ]
})

export const deleteRun = endpoint({
  id: 'deleteRun',
  method: 'DELETE',
  path: '/api/v1/runs/:id',
  tag: 'runs',
  summary:
    'Delete a run that has ended, with its events. What it used stays in the figures, what was done in the audit log.',
  scope: 'write',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: [...runErrors, 'RUN_NOT_ENDED']
})

export const getRun = endpoint({
  id: 'getRun',
  method: 'GET',
  path: '/api/v1/runs/:id',
  tag: 'runs',
  summary: 'One run',
  scope: 'read',
  params: idParams,
  output: run,
  errors: runErrors
})

export const changeRun = endpoint({
  id: 'changeRun',
  method: 'PATCH',
  path: '/api/v1/runs/:id',
  tag: 'runs',
  summary: 'Give a run a title, or change the permission mode or the model of a live one',
  scope: 'write',
  params: idParams,
  body: z
    .object({
      permissionMode: z.enum(permissionModes),
      model: z.string().min(1).max(200),
      title: z.string().trim().min(1).max(200).nullable().describe('null: as its prompt calls it')
    })
    .partial()
    .refine(body => Object.keys(body).length > 0, 'name title, permissionMode or model'),
  output: run,
  errors: ['NOT_FOUND', 'RUN_ENDED', 'NOT_SUPPORTED']
})

/** Of a run that comes after another one. */
const refusals = [
  'NOT_FOUND',
  'RUN_NOT_ENDED',
  'AGENT_PAUSED',
  'AGENT_ARCHIVED',
  'BUDGET_EXHAUSTED',
  'LIMIT_REACHED'
] as const satisfies readonly ErrorCode[]

/** What comes after another run works as that did, but for what is named. */
const continuation = z.object({
  prompt,
  images: promptImages,
  permissionMode: z.enum(permissionModes).optional().describe('Default: that of the run before'),
  model: z.string().min(1).max(200).optional().describe('Default: that of the run before')
})
export type Continuation = z.output<typeof continuation>

export const followUpRun = endpoint({
  id: 'followUpRun',
  method: 'POST',
  path: '/api/v1/runs/:id/followup',
  tag: 'runs',
  summary: 'Continue the session of an ended run in a child run',
  scope: 'write',
  params: idParams,
  body: continuation,
  output: run,
  status: 201,
  errors: [...refusals, 'RUN_NOT_RESUMABLE', 'NOT_SUPPORTED']
})

export const forkRun = endpoint({
  id: 'forkRun',
  method: 'POST',
  path: '/api/v1/runs/:id/fork',
  tag: 'runs',
  summary: 'Continue from an ended run in a session of its own; the parent session stays as it is',
  scope: 'write',
  params: idParams,
  body: continuation,
  output: run,
  status: 201,
  errors: [...refusals, 'RUN_NOT_RESUMABLE', 'NOT_SUPPORTED']
})

export const retryRun = endpoint({
  id: 'retryRun',
  method: 'POST',
  path: '/api/v1/runs/:id/retry',
  tag: 'runs',
  summary: 'Launch the same prompt again under the same conditions',
  scope: 'write',
  params: idParams,
  output: run,
  status: 201,
  errors: refusals
})

export const cancelRun = endpoint({
  id: 'cancelRun',
  method: 'POST',
  path: '/api/v1/runs/:id/cancel',
  tag: 'runs',
  summary:
    'Stop a run. It is asked first and then ended within 5 s; `now` skips the asking. A run that ended stays as it is.',
  scope: 'write',
  params: idParams,
  body: z.object({ now: z.boolean().default(false) }),
  output: run,
  errors: runErrors
})

/** A message for a live run, read by the agent when its current turn ends. */
export const runInput = z
  .object({
    n: z.int().min(1),
    text: z.string(),
    images: z.array(runImage),
    status: z.enum(['queued', 'delivered', 'dropped']).describe('dropped: the run ended before it was read'),
    createdAt: timestamp
  })
  .meta({ id: 'RunInput' })
export type RunInput = z.infer<typeof runInput>

const inputParams = z.object({ id: idParams.shape.id, n: queryInt(1, 1_000_000_000) })

export const listInputs = endpoint({
  id: 'listRunInput',
  method: 'GET',
  path: '/api/v1/runs/:id/input',
  tag: 'runs',
  summary: 'Input that was not read: queued in a live run, in its order; dropped in one that ended',
  scope: 'read',
  params: idParams,
  output: z.object({ data: z.array(runInput) }),
  errors: runErrors
})

export const addInput = endpoint({
  id: 'addRunInput',
  method: 'POST',
  path: '/api/v1/runs/:id/input',
  tag: 'runs',
  summary: 'Send input to a live run: after the current turn, or at once by interrupting it',
  scope: 'write',
  params: idParams,
  body: z.object({ text: prompt, images: promptImages, mode: z.enum(['queue', 'interrupt']).default('queue') }),
  output: runInput,
  status: 201,
  errors: ['NOT_FOUND', 'RUN_ENDED', 'NOT_SUPPORTED', 'LIMIT_REACHED']
})

export const getInput = endpoint({
  id: 'getRunInput',
  method: 'GET',
  path: '/api/v1/runs/:id/input/:n',
  tag: 'runs',
  summary: 'One input, queued or read',
  scope: 'read',
  params: inputParams,
  output: runInput,
  errors: ['NOT_FOUND']
})

export const changeInput = endpoint({
  id: 'changeRunInput',
  method: 'PATCH',
  path: '/api/v1/runs/:id/input/:n',
  tag: 'runs',
  summary: 'Edit queued input, or move it before another (`before: null` puts it last)',
  scope: 'write',
  params: inputParams,
  body: z.object({ text: prompt.optional(), before: z.int().nullable().optional() }),
  output: runInput,
  errors: ['NOT_FOUND', 'INPUT_DELIVERED']
})

export const deleteInput = endpoint({
  id: 'deleteRunInput',
  method: 'DELETE',
  path: '/api/v1/runs/:id/input/:n',
  tag: 'runs',
  summary: 'Take queued input back',
  scope: 'write',
  params: inputParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'INPUT_DELIVERED']
})

/** Queued inputs a run may hold. */
export const maxQueuedInputs = 50
