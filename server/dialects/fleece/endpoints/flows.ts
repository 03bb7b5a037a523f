import { z } from 'zod'
import { endpoint, timestamp } from '#contract/endpoint'
import { id, limit, offset, toolCalls } from './parts.ts'

export const flow = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    icon: z.string().nullable(),
    cronExpression: z.string().nullable().describe('Of its first schedule; null: it has none'),
    scheduleDescription: z.string().nullable().describe('Its schedules in words'),
    timezone: z.string().nullable().describe('IANA time zone of its first schedule'),
    mode: z.enum(['auto', 'always_ask']).describe('`always_ask` requires approval before each execution'),
    status: z.enum(['active', 'paused', 'error', 'draft']),
    model: z.string().nullable(),
    integrations: z.array(z.string()).describe('MCP servers that its runs get, by name'),
    isRunning: z.boolean(),
    estimatedHumanMinutes: z.int().nullable(),
    lastRunAt: timestamp.nullable(),
    nextRunAt: timestamp.nullable(),
    totalRuns: z.int(),
    totalFailures: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Flow' })

const flowRunSummary = z.object({
  id: z.uuid(),
  flowId: z.uuid(),
  status: z.enum(['pending', 'approved', 'running', 'completed', 'failed', 'skipped']),
  startedAt: timestamp.nullable(),
  completedAt: timestamp.nullable(),
  durationMs: z.int().nullable(),
  resultSummary: z.string().nullable().describe('What came of it; why, where it was skipped'),
  tokensUsed: z.int().nullable(),
  errorMessage: z.string().nullable().describe('Why it failed'),
  createdAt: timestamp
})
export const flowRun = flowRunSummary
  .extend({
    resultData: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The result, where the agent answered with a JSON object'),
    toolCalls
  })
  .meta({ id: 'FlowRun' })

const params = z.object({ flowId: id('Id of the flow') })
const runParams = params.extend({ runId: id('Id of the flow run') })

const mostFlows = 1000

export const listFlows = endpoint({
  id: 'listFlows',
  method: 'GET',
  path: '/api/v1/flows',
  tag: 'flows',
  summary: 'List flows, most recent first',
  scope: 'read',
  query: z.object({ limit: limit(mostFlows, mostFlows), offset }),
  output: z.object({ data: z.array(flow), total: z.int() })
})

export const getFlow = endpoint({
  id: 'getFlow',
  method: 'GET',
  path: '/api/v1/flows/:flowId',
  tag: 'flows',
  summary: 'Get flow details',
  scope: 'read',
  params,
  output: flow,
  errors: ['NOT_FOUND']
})

export const triggerFlow = endpoint({
  id: 'triggerFlow',
  method: 'POST',
  path: '/api/v1/flows/:flowId/trigger',
  tag: 'flows',
  summary:
    'Trigger a flow outside its schedule. It must be active. One that always asks waits for approval, and its run is ' +
    '`pending` until then.',
  scope: 'write',
  params,
  output: flowRun,
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
    'LIMIT_REACHED'
  ]
})

export const listFlowRuns = endpoint({
  id: 'listFlowRuns',
  method: 'GET',
  path: '/api/v1/flows/:flowId/runs',
  tag: 'flows',
  summary: 'List the runs of a flow, most recent first',
  scope: 'read',
  params,
  query: z.object({ limit: limit(50, 100), offset }),
  output: z.object({
    data: z.array(flowRunSummary.meta({ id: 'FlowRunSummary' })),
    total: z.int(),
    flowId: z.uuid()
  }),
  errors: ['NOT_FOUND']
})

export const getFlowRun = endpoint({
  id: 'getFlowRun',
  method: 'GET',
  path: '/api/v1/flows/:flowId/runs/:runId',
  tag: 'flows',
  summary: 'Get flow run details, with its tool calls and its result',
  scope: 'read',
  params: runParams,
  output: flowRun,
  errors: ['NOT_FOUND']
})

export const approveFlowRun = endpoint({
  id: 'approveFlowRun',
  method: 'POST',
  path: '/api/v1/flows/:flowId/runs/:runId/approve',
  tag: 'flows',
  summary: 'Let a run that is pending start',
  scope: 'write',
  params: runParams,
  output: flowRun,
  errors: ['NOT_FOUND', 'APPROVAL_DECIDED']
})

export const skipFlowRun = endpoint({
  id: 'skipFlowRun',
  method: 'POST',
  path: '/api/v1/flows/:flowId/runs/:runId/skip',
  tag: 'flows',
  summary: 'Refuse a run that is pending; it is skipped',
  scope: 'write',
  params: runParams,
  output: flowRun,
  errors: ['NOT_FOUND', 'APPROVAL_DECIDED']
})
