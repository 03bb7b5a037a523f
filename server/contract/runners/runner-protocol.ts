import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'
import { label, maxLabels } from '../labels.ts'
import { claimedTokens, claimedUsage, claimedUsd } from '../money/figures.ts'
import { placeId } from '../place.ts'
import { runApprovalKinds } from '../runs/approvals.ts'
import { checkpointFact } from '../runs/checkpoints.ts'
import { delta, eventKinds, maxEventText } from '../runs/events.ts'
import { runImage } from '../runs/images.ts'
import { commandSpec, permissionModes, runFailure } from '../runs/runs.ts'
import { mcpOutcome, mcpServer } from './mcp-server.ts'
import { question, reply } from './questions.ts'
import { runnerWarning, runtimeReport } from './runners.ts'

/**
 * What a runner and the control plane say to each other. The runner only makes outbound calls. Each process that
 * registers gets an `incarnation`; a call with an older one is answered RUNNER_REPLACED. Items of a run are numbered by
 * the runner from 1 per attempt (`n`); what was stored is acknowledged, and sending it again changes nothing.
 */
const caller = z.object({ runnerId: z.string().max(64), incarnation: z.string().max(64) })

const held = z.object({ runId: z.string().max(64), attempt: z.int() })

export type McpOutcome = z.infer<typeof mcpOutcome>

/** What a runtime says a session used in all; what a run of it spent is how much that grew. */
const sessionTotals = z.object({ usage: claimedUsage, costUsd: claimedUsd })
export type SessionTotals = z.infer<typeof sessionTotals>

/** How long a call may be parked, in seconds. */
export const maxParkSeconds = 900

/** What a runner needs to know to execute a run. */
export const assignment = z.object({
  runId: z.string(),
  number: z.int(),
  attempt: z.int(),
  prompt: z.string(),
  /** Fetched by `fetchRunImage`. Only runners whose runtime takes images get any. */
  images: z.array(runImage).default([]),
  cwd: z.string().nullable(),
  runtime: z.string(),
  place: placeId.default('host'),
  command: commandSpec.nullable(),
  model: z.string().nullable(),
  permissionMode: z.enum(permissionModes),
  /** Who the agent is and how it works; given to the runtime beside the prompt. */
  instructions: z.string(),
  /** Tools that never ask. */
  allowedTools: z.array(z.string()),
  /** Secrets, in plain: for the environment of the agent and nowhere else. */
  env: z.record(z.string(), z.string()),
  mcpServers: z.array(mcpServer),
  /** Name of the private folder, where no folder is named. */
  workspace: z.string(),
  /** Session to continue, whether in a copy of it, the folder that it was in, and what its runtime said of it last. */
  resume: z
    .object({
      sessionId: z.string(),
      fork: z.boolean(),
      cwd: z.string().nullable().default(null),
      totals: sessionTotals.optional()
    })
    .nullable(),
  timeoutSeconds: z.int().nullable()
})
export type Assignment = z.infer<typeof assignment>

const n = z.int().min(1)

const facts = z
  .object({
    cwd: z.string().max(4096),
    sessionId: z.string().max(4096),
    model: z.string().max(200),
    permissionMode: z.enum(permissionModes),
    usage: claimedUsage,
    costUsd: claimedUsd,
    contextUsed: claimedTokens,
    contextMax: claimedTokens,
    sessionTotals,
    mcps: z.array(mcpOutcome).max(200),
    checkpoint: checkpointFact
  })
  .partial()
export type Facts = z.infer<typeof facts>

const eventItem = z.object({
  type: z.literal('event'),
  n,
  ts: timestamp,
  kind: z.enum(eventKinds),
  message: z.string().max(maxEventText + 200),
  data: z.record(z.string(), z.unknown())
})

/** The process of the agent started. */
const startedItem = z.object({ type: z.literal('started'), n, ts: timestamp })

/** Values that became known; the last one counts. Usage and cost are totals of the attempt, not increments. */
const factsItem = z.object({ type: z.literal('facts'), n, facts })

/** Words for what holds the run up though no person is asked, such as a model that answers 429; null: over. */
const reasonItem = z.object({ type: z.literal('reason'), n, reason: z.string().max(1000).nullable() })

const approvalItem = z.object({
  type: z.literal('approval'),
  n,
  ts: timestamp,
  key: z.string().max(200).describe("The runtime's own id of the request"),
  kind: z.enum(runApprovalKinds),
  tool: z.string().max(200),
  toolUseId: z.string().max(200).nullable(),
  title: z.string().max(2000),
  /** The text that patterns are matched against: a command, a path. */
  subject: z.string().max(100_000),
  input: z.record(z.string(), z.unknown()),
  reason: z.string().max(10_000).nullable(),
  editable: z.boolean().optional().describe('false: its agent can only be told yes or no to what it asked')
})

const withdrawnItem = z.object({ type: z.literal('withdrawn'), n, ts: timestamp, key: z.string().max(200) })

/**
 * The agent finished a turn; the answer's `next` is the input it reads now, or null: no more input will come. `open`: work
 * of its goes on, so input is taken further on, and a command `input` tells of it.
 */
const turnItem = z.object({ type: z.literal('turn'), n, ts: timestamp, open: z.boolean().optional() })

/**
 * Stands for items `n` to `upTo`, which were acknowledged once: the control plane was put back to an earlier state, and
 * the runner does not have them any more.
 */
const missingItem = z.object({ type: z.literal('missing'), n, upTo: n })

/** `started` tells a process from a later one with the same pid. */
const daemon = z.object({ pid: z.int(), started: z.string().max(100), command: z.string().max(1000) })
export type RunDaemon = z.infer<typeof daemon>
export const daemons = z.array(daemon).max(100)

export const runItem = z.discriminatedUnion('type', [
  missingItem,
  eventItem,
  startedItem,
  factsItem,
  reasonItem,
  approvalItem,
  withdrawnItem,
  turnItem
])
export type RunItem = z.infer<typeof runItem>

/** LOST: told by the next runner, of a run whose own runner was killed. */
export const outcomes = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'LOST'] as const
export type Outcome = (typeof outcomes)[number]

export const maxItemsPerBatch = 1000
/** Characters in the name of a runner, and folders that it allows. */
export const maxName = 100
export const maxDirs = 100

export const registerRunner = endpoint({
  id: 'registerRunner',
  method: 'POST',
  path: '/api/v1/runner/register',
  tag: 'runner protocol',
  summary: 'A runner process introduces itself, also after it lost the control plane',
  scope: 'runner',
  body: z.object({
    identity: z.uuid().describe('Stable for one data folder'),
    drains: z
      .uuid()
      .nullable()
      .default(null)
      .describe('Identity whose last runs this process finishes, while a newer version has its place'),
    name: z.string().min(1).max(maxName),
    kind: z.enum(['builtin', 'remote']),
    hostname: z.string().max(255),
    platform: z.string().max(50),
    version: z.string().max(50),
    allowedDirs: z.array(z.string().max(4096)).max(maxDirs),
    dataDir: z.string().max(4096).nullable().default(null).describe('Closed to agents, but for its private folders'),
    runtimes: z.array(runtimeReport).max(50),
    places: z.array(placeId).max(20).default(['host']),
    labels: z.array(label).max(maxLabels).default([]),
    questions: z.array(z.string().max(64)).max(100).default([]).describe('Types of questions that it can answer'),
    process: z.uuid().optional().describe('Of this process: it may register again at any time; another one must wait'),
    warnings: z.array(runnerWarning).max(20).default([]),
    capacity: z.int().min(1).max(1000),
    active: z.array(held).max(1000),
    lastCommand: z
      .int()
      .min(0)
      .default(0)
      .describe('Last command carried out; where none is as new here, the store was put back and all are sent again'),
    died: z
      .array(held)
      .max(1000)
      .default([])
      .describe('Started by a former process that was killed; nothing of them is left')
  }),
  output: z.object({
    runnerId: z.string(),
    incarnation: z.string(),
    leaseSeconds: z.int(),
    /** Runs it still holds: the last item stored of each. */
    resume: z.array(held.extend({ acked: z.int() })),
    /** Runs that went on elsewhere or ended: stop them, send nothing. */
    abandon: z.array(z.string()),
    takesLines: z.boolean().default(false).describe('Batches may come as JSON lines: the batch, then its items')
  }),
  errors: ['IDENTITY_TAKEN']
})

export const leaveRunner = endpoint({
  id: 'leaveRunner',
  method: 'POST',
  path: '/api/v1/runner/leave',
  tag: 'runner protocol',
  summary: 'A runner process ends by its own choice: it is offline at once, and its incarnation is void',
  scope: 'runner',
  body: caller,
  output: z.object({ success: z.literal(true) }),
  errors: ['RUNNER_REPLACED']
})

export const claimRuns = endpoint({
  id: 'claimRuns',
  method: 'POST',
  path: '/api/v1/runner/claim',
  tag: 'runner protocol',
  summary: 'Take queued runs; parked until there is one',
  scope: 'runner',
  body: caller.extend({ free: z.int().min(1).max(1000), waitSeconds: z.number().min(0).max(maxParkSeconds) }),
  output: z.object({ runs: z.array(assignment) }),
  errors: ['RUNNER_REPLACED', 'SHUTTING_DOWN']
})

export const runnerCommand = z.discriminatedUnion('type', [
  z.object({ id: z.int(), type: z.literal('cancel'), runId: z.string(), now: z.boolean() }),
  z.object({
    id: z.int(),
    type: z.literal('answer'),
    runId: z.string(),
    key: z.string(),
    allow: z.boolean(),
    /** Replaces what the agent asked for; null: as asked. */
    input: z.record(z.string(), z.unknown()).nullable(),
    message: z.string().nullable()
  }),
  z.object({ id: z.int(), type: z.literal('interrupt'), runId: z.string() }),
  /** Input waits: an agent that is between two turns asks for it. */
  z.object({ id: z.int(), type: z.literal('input'), runId: z.string() }),
  z.object({
    id: z.int(),
    type: z.literal('change'),
    runId: z.string(),
    permissionMode: z.enum(permissionModes).nullable(),
    model: z.string().nullable()
  }),
  z.object({
    id: z.int(),
    type: z.literal('stopDaemon'),
    runId: z.string(),
    pid: z.int(),
    started: z.string()
  }),
  z.object({ id: z.int(), type: z.literal('install'), runtime: z.string() }),
  z.object({ id: z.int(), type: z.literal('detect') }),
  /** Sent only while somebody waits for the answer. */
  z.object({ id: z.int(), type: z.literal('ask'), questionId: z.string(), question })
])
export type RunnerCommand = z.infer<typeof runnerCommand>

export const pollCommands = endpoint({
  id: 'pollRunnerCommands',
  method: 'POST',
  path: '/api/v1/runner/commands',
  tag: 'runner protocol',
  summary:
    'Commands for a runner, parked until there is one. It is the heartbeat too: it renews the leases of `active`.',
  scope: 'runner',
  body: caller.extend({
    after: z.int().min(0).describe('Last command carried out'),
    active: z.array(held).max(1000),
    waitSeconds: z.number().min(0).max(maxParkSeconds)
  }),
  output: z.object({
    commands: z.array(runnerCommand),
    /** Runs that are no longer this runner's. */
    abandon: z.array(z.string()),
    /** The control plane stops for good: leave when idle, or stop the agents and leave. */
    leave: z.enum(['no', 'when-idle', 'stop-agents'])
  }),
  errors: ['RUNNER_REPLACED']
})

export const heartbeat = endpoint({
  id: 'runnerHeartbeat',
  method: 'POST',
  path: '/api/v1/runner/heartbeat',
  tag: 'runner protocol',
  summary: 'Report what changed: runtimes that were found, installed, signed in; warnings',
  scope: 'runner',
  body: caller.extend({
    runtimes: z.array(runtimeReport).max(50),
    warnings: z.array(runnerWarning).max(20).default([])
  }),
  output: z.object({ success: z.literal(true) }),
  errors: ['RUNNER_REPLACED']
})

export const answerQuestion = endpoint({
  id: 'answerQuestion',
  method: 'POST',
  path: '/api/v1/runner/answers/:id',
  tag: 'runner protocol',
  summary: 'Answer a question that came with the commands, or say why not; NOT_FOUND: nobody waits for it any more',
  scope: 'runner',
  params: idParams,
  body: caller.extend({ reply }),
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'RUNNER_REPLACED']
})

export const reportDaemons = endpoint({
  id: 'reportRunDaemons',
  method: 'POST',
  path: '/api/v1/runner/runs/:id/daemons',
  tag: 'runner protocol',
  summary: 'Tell which processes that the agent of a run left on purpose live now',
  scope: 'runner',
  params: idParams,
  body: caller.extend({ daemons }),
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'RUNNER_REPLACED']
})

const batch = caller.extend({
  attempt: z.int(),
  sentAt: timestamp
    .optional()
    .describe('By the clock of the runner, now: what it tells is told in the time of the control plane'),
  follows: z
    .boolean()
    .default(false)
    .describe('The batch before it may still be on its way: wait a moment for that before EVENT_GAP is answered'),
  items: z.array(runItem).max(maxItemsPerBatch),
  deltas: z.array(delta).max(maxItemsPerBatch).default([])
})

const runErrors = ['NOT_FOUND', 'RUNNER_REPLACED', 'NOT_HELD', 'EVENT_GAP'] as const

export const sendEvents = endpoint({
  id: 'sendRunEvents',
  method: 'POST',
  path: '/api/v1/runner/runs/:id/events',
  tag: 'runner protocol',
  summary: 'Store items of a run in order',
  scope: 'runner',
  params: idParams,
  takes: ['json', 'lines'],
  body: batch,
  output: z.object({
    acked: z.int(),
    /** Set when the batch held a `turn`: the next input, or null. */
    next: z.string().nullish(),
    /** What came with it. */
    nextImages: z.array(runImage).optional()
  }),
  errors: runErrors
})

export const finishRun = endpoint({
  id: 'finishRun',
  method: 'POST',
  path: '/api/v1/runner/runs/:id/finish',
  tag: 'runner protocol',
  summary: 'Store the last items of a run and end it, in one transaction',
  scope: 'runner',
  params: idParams,
  takes: ['json', 'lines'],
  body: batch.extend({
    outcome: z.enum(outcomes),
    result: z
      .string()
      .max(maxEventText + 200)
      .nullable(),
    error: runFailure.nullable(),
    ts: timestamp
  }),
  output: z.object({ acked: z.int() }),
  errors: runErrors
})
