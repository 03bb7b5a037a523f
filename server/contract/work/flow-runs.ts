import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'

/**
 * `checking`: its pre-check is asked; `pending`: a person is; `queued`: the one before still runs; `approved`: its run waits
 * for a runner; `retrying`: it failed and is tried again at `retryAt`; `skipped` and `refused` say why.
 */
export const flowRunStatuses = [
  'checking',
  'pending',
  'queued',
  'approved',
  'running',
  'retrying',
  'completed',
  'failed',
  'skipped',
  'refused'
] as const
export type FlowRunStatus = (typeof flowRunStatuses)[number]

export const flowOrigins = ['schedule', 'webhook', 'flow', 'change', 'manual'] as const
export type FlowOrigin = (typeof flowOrigins)[number]

/** One time that a flow was to start, and what came of it. */
export const flowRun = z
  .object({
    id: z.uuid(),
    flowId: z.string(),
    status: z.enum(flowRunStatuses),
    reason: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why it has this status'),
    origin: z.enum(flowOrigins),
    triggerId: z.string().nullable(),
    dueAt: timestamp,
    lateMs: z.int().describe('By how much it was late when it was taken up'),
    missed: z.int().describe('For how many missed ticks this stands, skipped together; 0: for none'),
    attempt: z.int().describe('Runs that were launched for it'),
    runId: z.string().nullable().describe('The last of them; null: none, or it was deleted since'),
    approvalId: z.string().nullable(),
    retryAt: timestamp.nullable(),
    resultSummary: z.string().nullable(),
    errorMessage: z.string().nullable(),
    tokensUsed: z.int().nullable(),
    costUsd: z.number().nullable(),
    durationMs: z.int().nullable(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    completedAt: timestamp.nullable()
  })
  .meta({ id: 'FlowRun' })
export type FlowRun = z.infer<typeof flowRun>

export const triggerFlow = endpoint({
  id: 'triggerFlow',
  method: 'POST',
  path: '/api/v1/flows/:id/trigger',
  tag: 'flows',
  summary: 'Start an active flow by hand. It is not checked before, and waits for a person where the flow always asks.',
  scope: 'write',
  params: idParams,
  body: z.object({
    variables: z
      .record(z.string().max(64), z.string().max(65_536))
      .default({})
      .describe('In place of what the flow says of its own variables')
  }),
  output: flowRun,
  status: 201,
  errors: [
    'NOT_FOUND',
    'FLOW_NOT_ACTIVE',
    'FLOW_RUNNING',
    'UNKNOWN_AGENT',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'CWD_NOT_ALLOWED',
    'UNKNOWN_RUNTIME',
    'BUDGET_EXHAUSTED',
    'FORBIDDEN',
    'LIMIT_REACHED'
  ]
})

export const listFlowRuns = endpoint({
  id: 'listFlowRuns',
  method: 'GET',
  path: '/api/v1/flows/:id/runs',
  tag: 'flows',
  summary: 'Each time that a flow was to start, most recent first',
  scope: 'read',
  params: idParams,
  query: pageQuery.extend({ status: z.enum(flowRunStatuses).optional() }),
  output: page(flowRun),
  errors: ['NOT_FOUND']
})

export const getFlowRun = endpoint({
  id: 'getFlowRun',
  method: 'GET',
  path: '/api/v1/flows/:id/runs/:runId',
  tag: 'flows',
  summary: 'One of them',
  scope: 'read',
  params: idParams.extend({ runId: z.string().min(1).max(64) }),
  output: flowRun,
  errors: ['NOT_FOUND']
})

export const receiveWebhook = endpoint({
  id: 'receiveWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/:id',
  tag: 'flows',
  summary:
    'A message for a trigger of type webhook, signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp` and ' +
    '`webhook-signature` over the body as it is sent. One that is old, unsigned or was here before is refused. Its body ' +
    'is `{{payload}}` in the prompt.',
  scope: 'public',
  params: idParams,
  takes: ['raw'],
  output: z.object({ id: z.uuid(), status: z.enum(flowRunStatuses) }),
  status: 202,
  errors: [
    'NOT_FOUND',
    'BAD_SIGNATURE',
    'WEBHOOK_REPLAYED',
    'FLOW_NOT_ACTIVE',
    'TOO_LARGE',
    'RATE_LIMITED',
    'LIMIT_REACHED'
  ]
})
