import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'
import type { ErrorCode } from '../errors.ts'
import { watched } from '../watched.ts'
import { flowTrigger, maxTriggers, triggerWish } from './flow-triggers.ts'

export const maxFlows = 20_000

/** `error`: it paused by itself after too many failures; `draft`: it was never active. */
export const flowStatuses = ['active', 'paused', 'error', 'draft', 'archived'] as const
export type FlowStatus = (typeof flowStatuses)[number]

/** What came of the last times that it was to start, oldest first. */
export const flowOutcomes = ['completed', 'failed', 'skipped', 'refused'] as const
export type FlowOutcome = (typeof flowOutcomes)[number]
export const recentOutcomes = 20

const ifUnknown = z
  .enum(['run', 'skip'])
  .default('run')
  .describe('What happens when there is no answer, for example since the runner is away')
const where = z.string().min(1).max(4096).nullable().default(null).describe('Absolute; null: that of the agent')

/** Asked of the runner before a tick costs anything. Started by hand, a flow is not checked. */
export const preCheck = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('command'),
    program: z.string().min(1).max(4096),
    args: z.array(z.string().max(4096)).max(64).default([]),
    folder: where,
    ifUnknown
  }),
  z.object({ type: z.literal('changed'), watched, folder: where, ifUnknown })
])
export type PreCheck = z.output<typeof preCheck>

const variables = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'lower case letters, digits and _, at most 64'),
    z.string().max(65_536)
  )
  .refine(all => Object.keys(all).length <= 32, 'at most 32 variables')

/** What a person decides about a flow. */
const settings = z.object({
  title: z.string().trim().min(1).max(200),
  description: z.string().max(20_000),
  prompt: z
    .string()
    .trim()
    .min(1, 'say what the agent should do')
    .max(200_000)
    .describe('`{{name}}` is replaced by a variable, when a run starts'),
  variables: variables.describe('Its own variables, with what they are where nothing else is given'),
  icon: z.string().max(16).nullable(),
  agentId: z.string().min(1).max(64).describe('Id or slug'),
  model: z.string().min(1).max(200).nullable().describe('null: that of the agent'),
  mcpIds: z.array(z.string().max(64)).max(50).nullable().describe('MCP servers; null: those of the agent'),
  triggers: z.array(triggerWish).max(maxTriggers),
  mode: z.enum(['auto', 'always_ask']).describe('`always_ask`: a person approves each run before it starts'),
  catchUp: z
    .enum(['skip', 'once', 'all'])
    .describe('Of scheduled ticks missed while the control plane was closed or asleep'),
  catchUpMax: z.int().min(1).max(20).describe('With `all`: only the last so many'),
  overlap: z.enum(['refuse', 'queue', 'parallel']).describe('When it is to start while it runs'),
  maxParallel: z.int().min(1).max(20).describe('With `parallel`'),
  retries: z.int().min(0).max(5).describe('After a run that failed or took too long'),
  retryDelaySeconds: z.int().min(1).max(86_400).describe('Before the first retry; doubled before each other one'),
  timeoutSeconds: z.int().min(5).max(604_800).nullable(),
  approvalMinutes: z.int().min(1).max(10_080).describe('How long a person may take; then it counts as no'),
  pauseAfterFailures: z.int().min(1).max(100).nullable().describe('In a row; null: it never pauses by itself'),
  estimatedHumanMinutes: z.int().min(1).max(100_000).nullable(),
  preCheck: preCheck.nullable()
})

/** What stands against its next run. Each names the way out. */
export const flowProblem = z.object({ code: z.string(), message: z.string() })

export const flow = settings
  .extend({
    id: z.uuid(),
    triggers: z.array(flowTrigger),
    status: z.enum(flowStatuses),
    statusReason: z.string().nullable(),
    statusSince: timestamp,
    standing: z
      .object({
        state: z.enum(['ready', 'blocked', 'off']).describe('`blocked`: active, but its next run would not start'),
        problems: z.array(flowProblem)
      })
      .describe('Whether it can start, looked at before it is to'),
    schedule: z.string().nullable().describe('Its schedules in words; null: it has none'),
    isRunning: z.boolean(),
    openRuns: z.int().describe('Of it that run, wait for a person, or wait for their turn'),
    recent: z.array(z.enum(flowOutcomes)).max(recentOutcomes),
    totalRuns: z.int(),
    totalFailures: z.int(),
    lastRunAt: timestamp.nullable(),
    nextRunAt: timestamp.nullable().describe('By its schedules'),
    ownerId: z.string(),
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Flow' })
export type Flow = z.infer<typeof flow>

const shorthand = {
  cronExpression: z.string().trim().min(1).max(200).describe('Short for one trigger of type schedule'),
  timezone: z.string().min(1).max(64).describe('Of `cronExpression`')
}
const settable = { status: z.enum(['active', 'paused', 'draft', 'archived']) }

/** What is not named is as it suits most flows. */
export const createFlowBody = settings
  .extend({ ...shorthand, status: z.enum(['active', 'paused', 'draft']) })
  .partial()
  .required({ title: true, prompt: true, agentId: true })
  .refine(oneSchedule, { path: ['cronExpression'], error: 'name either triggers or cronExpression' })
export type NewFlow = z.output<typeof createFlowBody>

export const changeFlowBody = settings
  .extend({ ...shorthand, ...settable })
  .partial()
  .refine(oneSchedule, { path: ['cronExpression'], error: 'name either triggers or cronExpression' })
export type FlowPatch = z.output<typeof changeFlowBody>

function oneSchedule(body: { triggers?: unknown; cronExpression?: unknown }): boolean {
  return body.triggers === undefined || body.cronExpression === undefined
}

const refusals = [
  'UNKNOWN_AGENT',
  'UNKNOWN_FLOW',
  'UNKNOWN_MCP',
  'CIRCLE',
  'LIMIT_REACHED'
] as const satisfies readonly ErrorCode[]

export const listFlows = endpoint({
  id: 'listFlows',
  method: 'GET',
  path: '/api/v1/flows',
  tag: 'flows',
  summary: 'Flows, most recent first; archived ones only when asked for',
  scope: 'read',
  query: pageQuery.extend({
    status: z.enum(flowStatuses).optional(),
    agentId: z.string().max(64).optional().describe('Id or slug'),
    mode: settings.shape.mode.optional(),
    search: z.string().max(200).optional().describe('Words that all stand in the title')
  }),
  output: page(flow),
  errors: ['NOT_FOUND']
})

export const createFlow = endpoint({
  id: 'createFlow',
  method: 'POST',
  path: '/api/v1/flows',
  tag: 'flows',
  summary: 'Make a flow; it is active at once where nothing else is said',
  scope: 'write',
  body: createFlowBody,
  output: flow,
  status: 201,
  errors: refusals
})

export const getFlow = endpoint({
  id: 'getFlow',
  method: 'GET',
  path: '/api/v1/flows/:id',
  tag: 'flows',
  summary: 'One flow',
  scope: 'read',
  params: idParams,
  output: flow,
  errors: ['NOT_FOUND']
})

export const changeFlow = endpoint({
  id: 'changeFlow',
  method: 'PATCH',
  path: '/api/v1/flows/:id',
  tag: 'flows',
  summary:
    'Change a flow. `triggers` replaces them all; those that are named by their id stay themselves. One that is paused or ' +
    'archived starts nothing; what runs goes on, what waits is skipped.',
  scope: 'write',
  params: idParams,
  body: changeFlowBody,
  output: flow,
  errors: ['NOT_FOUND', ...refusals]
})

export const deleteFlow = endpoint({
  id: 'deleteFlow',
  method: 'DELETE',
  path: '/api/v1/flows/:id',
  tag: 'flows',
  summary: 'Delete a flow with its history. Its runs stay among all others.',
  scope: 'write',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'FLOW_RUNNING']
})

export const newWebhookSecret = endpoint({
  id: 'newWebhookSecret',
  method: 'POST',
  path: '/api/v1/flows/:id/triggers/:triggerId/secret',
  tag: 'flows',
  summary: 'Give a trigger of type webhook a new secret, shown only now; the one before stops counting at once',
  scope: 'write',
  params: idParams.extend({ triggerId: z.string().min(1).max(64) }),
  output: z.object({ secret: z.string().describe('`whsec_` and 32 bytes in base64'), path: z.string() }),
  status: 201,
  errors: ['NOT_FOUND']
})
