import { z } from 'zod'
import { endpoint, timestamp } from '#contract/endpoint'
import { id, toolCalls } from './parts.ts'

export const agentTypes = ['general', 'email', 'calendar', 'documents', 'data', 'social', 'custom'] as const

export const agent = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    type: z.enum(agentTypes),
    icon: z.string().nullable(),
    model: z.string().nullable(),
    provider: z.string().nullable(),
    capabilities: z.array(z.string()).describe('Skills assigned to this agent'),
    isActive: z.boolean(),
    totalTasksCompleted: z.int(),
    totalTasksFailed: z.int(),
    averageExecutionTime: z.int().describe('Of its last 20 tasks, in seconds, without waiting for people'),
    lastActiveAt: timestamp.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Agent' })

const params = z.object({ agentId: id('Id or slug') })

export const listAgents = endpoint({
  id: 'listAgents',
  method: 'GET',
  path: '/api/v1/agents',
  tag: 'agents',
  summary: 'List agents',
  scope: 'read',
  output: z.object({ data: z.array(agent), total: z.int() })
})

export const getAgent = endpoint({
  id: 'getAgent',
  method: 'GET',
  path: '/api/v1/agents/:agentId',
  tag: 'agents',
  summary: 'Get agent details',
  scope: 'read',
  params,
  output: agent,
  errors: ['NOT_FOUND']
})

/** Minutes that a person may take over what an execution asks: somebody waits for its end. */
export const answerMinutes = 10

const task = z.string().trim().min(1).max(200_000)

/** Whether a name is an IANA time zone that this computer knows. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

export const executeAgent = endpoint({
  id: 'executeAgent',
  method: 'POST',
  path: '/api/v1/agents/:agentId/execute',
  tag: 'agents',
  summary:
    'Send a task to an agent and receive its response. A client that leaves does not stop it. What the agent asks of a ' +
    `person counts as refused when nobody answers for ${answerMinutes} minutes.`,
  scope: 'write',
  params,
  // The published snippets call it `message`.
  body: z.preprocess(
    body =>
      typeof body === 'object' && body !== null && !('task' in body) && 'message' in body
        ? { ...body, task: body.message }
        : body,
    z.object({
      task: task.describe('The instruction or task to send to the agent; also as `message`'),
      timezone: z
        .string()
        .max(64)
        .refine(isTimeZone, 'an IANA time zone is expected')
        .optional()
        .describe('IANA time zone for tasks that hang on the time')
    })
  ),
  output: z
    .object({
      id: z.uuid(),
      agentId: z.uuid(),
      status: z.enum(['completed', 'failed']),
      result: z.string().nullable(),
      toolCalls,
      tokensUsed: z.int(),
      durationMs: z.int().nullable(),
      error: z.string().nullable().describe('Why it failed')
    })
    .meta({ id: 'Execution' }),
  errors: [
    'NOT_FOUND',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'UNKNOWN_RUNTIME',
    'CWD_NOT_ALLOWED',
    'BUDGET_EXHAUSTED',
    'LIMIT_REACHED'
  ]
})
