import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'
import { placeId } from '../place.ts'
import { launchBody, permissionModes, run } from '../runs/runs.ts'
import { usd } from '../usd.ts'

export const providers = ['anthropic', 'openai', 'google', 'openrouter'] as const
export type Provider = (typeof providers)[number]
export const agentProvider = z.enum(providers)

/** What an agent is doing, worked out from its runs; `paused` and `archived` are set by a person. */
export const agentStatuses = ['idle', 'queued', 'running', 'waiting', 'degraded', 'paused', 'archived'] as const
export type AgentStatus = (typeof agentStatuses)[number]

/** Budgets in tokens of every kind: used up, they take no new run and stop running ones; other budgets are made by `POST /budgets`. */
export const agentLimits = z.object({
  dailyTokenBudget: z.int().positive().nullable().default(null),
  monthlyTokenBudget: z.int().positive().nullable().default(null),
  alertThreshold: z.number().min(0).max(1).default(0.8).describe('Share of a budget at which to warn')
})
export type AgentLimits = z.infer<typeof agentLimits>

const slug = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'lower case letters, digits, - and _, at most 64')
const name = z.string().trim().min(1).max(100)
const words = z.array(z.string().trim().min(1).max(100)).max(50)

/** What a person decides about an agent. */
const settings = z.object({
  name,
  slug,
  role: z.string().max(100_000),
  description: z.string().max(20_000),
  glyph: z.string().max(16).nullable(),
  team: z.string().trim().max(100).nullable(),
  managerId: z.string().max(64).nullable(),
  tags: words,
  capabilities: words,
  provider: agentProvider.nullable(),
  model: z.string().min(1).max(200).nullable(),
  fallbackModels: z.array(z.string().min(1).max(200)).max(10),
  runtime: z.string().min(1).max(64).nullable(),
  place: placeId,
  cwd: z.string().min(1).max(4096).nullable().describe('null: a private folder of its own'),
  permissionMode: z.enum(permissionModes),
  allowedTools: z
    .array(z.string().min(1).max(200))
    .max(200)
    .describe('Tools that never ask; others follow the permission mode'),
  limits: agentLimits,
  instructions: z.string().max(20_000).describe('Given to the runtime with every run, after the role'),
  mcpIds: z.array(z.string().max(64)).max(50).nullable().describe('null: all MCP servers of the organisation')
})

export const agent = settings
  .extend({
    id: z.uuid(),
    status: z.enum(agentStatuses),
    statusReason: z.string().nullable(),
    statusSince: timestamp,
    system: z.boolean().describe('Ships with Flotilla; cannot be renamed or archived'),
    ownerId: z.string(),
    counters: z.object({
      runs: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      activeRuns: z.int(),
      inputTokensToday: z.int(),
      outputTokensToday: z.int(),
      costUsdToday: usd
    }),
    sessionRunId: z.string().nullable().describe('Last run of its conversation; its next task continues there'),
    lastActiveAt: timestamp.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Agent' })
export type Agent = z.infer<typeof agent>

export const createAgentBody = settings.partial().required({ name: true })
export type NewAgent = z.output<typeof createAgentBody>
export const changeAgentBody = settings.partial()
export type AgentPatch = z.output<typeof changeAgentBody>

export const maxAgents = 10_000

export const listAgents = endpoint({
  id: 'listAgents',
  method: 'GET',
  path: '/api/v1/agents',
  tag: 'agents',
  summary: 'Agents, most recent first; archived ones only when asked for',
  scope: 'read',
  query: pageQuery.extend({
    status: z.enum(agentStatuses).optional(),
    team: z.string().max(100).optional(),
    tag: z.string().max(100).optional(),
    managerId: z.string().max(64).optional()
  }),
  output: page(agent)
})

export const createAgent = endpoint({
  id: 'createAgent',
  method: 'POST',
  path: '/api/v1/agents',
  tag: 'agents',
  summary: 'Define an agent; only its name is needed',
  scope: 'write',
  body: createAgentBody,
  output: agent,
  status: 201,
  errors: ['NAME_TAKEN', 'UNKNOWN_AGENT', 'CIRCLE', 'UNKNOWN_RUNTIME', 'LIMIT_REACHED']
})

export const getAgent = endpoint({
  id: 'getAgent',
  method: 'GET',
  path: '/api/v1/agents/:id',
  tag: 'agents',
  summary: 'One agent, by id or slug',
  scope: 'read',
  params: idParams,
  output: agent,
  errors: ['NOT_FOUND']
})

export const changeAgent = endpoint({
  id: 'changeAgent',
  method: 'PATCH',
  path: '/api/v1/agents/:id',
  tag: 'agents',
  summary: 'Change an agent; runs under way keep what they started with',
  scope: 'write',
  params: idParams,
  body: changeAgentBody,
  output: agent,
  errors: ['NOT_FOUND', 'NAME_TAKEN', 'UNKNOWN_AGENT', 'CIRCLE', 'UNKNOWN_RUNTIME', 'SYSTEM_AGENT']
})

export const archiveAgent = endpoint({
  id: 'archiveAgent',
  method: 'DELETE',
  path: '/api/v1/agents/:id',
  tag: 'agents',
  summary: 'Archive an agent: it takes no work, its runs stay. Those it manages report to its manager from then on.',
  scope: 'write',
  params: idParams,
  output: agent,
  errors: ['NOT_FOUND', 'SYSTEM_AGENT']
})

const deed = <Id extends string>(id: Id, verb: string, summary: string) =>
  endpoint({
    id,
    method: 'POST',
    path: `/api/v1/agents/:id/${verb}`,
    tag: 'agents',
    summary,
    scope: 'write',
    params: idParams,
    output: agent,
    errors: ['NOT_FOUND', 'AGENT_ARCHIVED', 'SYSTEM_AGENT']
  })

export const startAgent = deed('startAgent', 'start', 'Let a paused agent take work again')
export const stopAgent = deed('stopAgent', 'stop', 'Pause an agent: it finishes what runs and takes nothing new')
export const restartAgent = deed('restartAgent', 'restart', 'Forget its conversation and let it take work')
export const restoreAgent = deed('restoreAgent', 'restore', 'Bring an archived agent back')

export const executeAgent = endpoint({
  id: 'executeAgent',
  method: 'POST',
  path: '/api/v1/agents/:id/execute',
  tag: 'agents',
  summary: 'Launch a run of this agent with its own settings; what the body names wins',
  scope: 'write',
  params: idParams,
  body: launchBody
    .omit({ agentId: true })
    .partial()
    .required({ prompt: true })
    .extend({
      continue: z.boolean().default(true).describe('Go on in its conversation, where it has one')
    }),
  output: run,
  status: 201,
  errors: [
    'NOT_FOUND',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'CWD_NOT_ALLOWED',
    'BUDGET_EXHAUSTED',
    'LIMIT_REACHED',
    'NOT_SUPPORTED'
  ]
})
