import { z } from 'zod'
import { endpoint, idParams, queryInt, timestamp } from '#contract/endpoint'
import { providers } from '#contract/fleet/agents'
import { mcpTransports, createMcp as ourCreateMcp } from '#contract/fleet/mcps'
import { secretKey, secretScopes } from '#contract/fleet/secrets'
import { usagePeriods } from '#contract/money/usage'
import { roles } from '#contract/people/users'
import { messageTypes } from '#contract/work/messages'
import { taskPriorities, taskStatuses, taskWithLog } from '#contract/work/tasks'

const agentStatuses = ['active', 'running', 'paused', 'archived'] as const

export const agent = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.string(),
    model: z.string().nullable(),
    provider: z.enum(providers).nullable(),
    glyph: z.string().nullable(),
    manager: z.string().nullable(),
    team: z.string().nullable(),
    status: z.enum(agentStatuses),
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Agent' })

const reference = z.string().min(1).max(64)

const agentFields = z.object({
  name: z.string().trim().min(1).max(100),
  role: z.string().trim().min(1).max(100_000).describe('System prompt'),
  model: z.string().min(1).max(200),
  provider: z.enum(providers),
  glyph: z.string().regex(/^\p{RGI_Emoji}$/v, 'one emoji is expected'),
  manager: reference.nullish(),
  team: z.string().trim().max(100).nullish()
})

export const listAgents = endpoint({
  id: 'listAgents',
  method: 'GET',
  path: '/api/agents',
  tag: 'agents',
  summary: 'List all agents in the org; archived ones are left out',
  scope: 'read',
  output: z.array(agent)
})

export const createAgent = endpoint({
  id: 'createAgent',
  method: 'POST',
  path: '/api/agents',
  tag: 'agents',
  summary: 'Create a new agent',
  scope: 'write',
  body: agentFields,
  output: agent,
  status: 201,
  errors: ['NAME_TAKEN', 'UNKNOWN_AGENT', 'LIMIT_REACHED']
})

export const getAgent = endpoint({
  id: 'getAgent',
  method: 'GET',
  path: '/api/agents/:id',
  tag: 'agents',
  summary: 'Get a single agent by id or slug',
  scope: 'read',
  params: idParams,
  output: agent,
  errors: ['NOT_FOUND']
})

export const changeAgent = endpoint({
  id: 'changeAgent',
  method: 'PATCH',
  path: '/api/agents/:id',
  tag: 'agents',
  summary:
    'Update agent fields. `active` lets a paused or archived agent take work again; `running` is for its runs to say',
  scope: 'write',
  params: idParams,
  body: agentFields.extend({ status: z.enum(agentStatuses) }).partial(),
  output: agent,
  errors: ['NOT_FOUND', 'NAME_TAKEN', 'UNKNOWN_AGENT', 'CIRCLE', 'SYSTEM_AGENT']
})

const ok = z.object({ ok: z.literal(true) })

export const archiveAgent = endpoint({
  id: 'archiveAgent',
  method: 'DELETE',
  path: '/api/agents/:id',
  tag: 'agents',
  summary: 'Archive an agent (soft delete)',
  scope: 'write',
  params: idParams,
  output: ok,
  errors: ['NOT_FOUND', 'SYSTEM_AGENT']
})

export const task = z
  .object({
    id: z.uuid(),
    title: z.string(),
    input: z.string(),
    status: z.enum(taskStatuses),
    priority: z.enum(taskPriorities),
    assignee: z.string().nullable(),
    requester: z.string().nullable(),
    epic_id: z.string().nullable(),
    output: z.string().nullable(),
    error: z.string().nullable(),
    tokens: z.int(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    log: taskWithLog.shape.log.describe('In a list the last 5 entries, of a single task all')
  })
  .meta({ id: 'Task' })

const taskFields = z.object({
  title: z.string().trim().min(1).max(500),
  input: z.string().trim().min(1).max(1_000_000).describe('The full prompt'),
  assignee: reference,
  requester: reference.nullish().describe('An agent or a user; `user` is who calls'),
  priority: z.enum(taskPriorities).optional().describe('Default: normal'),
  epic_id: reference.nullish()
})

/** Tasks in one answer. */
const maxTasks = 1000

export const listTasks = endpoint({
  id: 'listTasks',
  method: 'GET',
  path: '/api/tasks',
  tag: 'tasks',
  summary: `List tasks, most recent first; at most ${maxTasks} at a time`,
  scope: 'read',
  query: z.object({
    status: z.enum(taskStatuses).optional(),
    assignee: reference.optional(),
    limit: queryInt(1, maxTasks).default(maxTasks),
    offset: queryInt(0, 1_000_000).default(0)
  }),
  output: z.array(task),
  errors: ['UNKNOWN_AGENT']
})

export const createTask = endpoint({
  id: 'createTask',
  method: 'POST',
  path: '/api/tasks',
  tag: 'tasks',
  summary: 'Create a new task',
  scope: 'write',
  body: taskFields,
  output: task,
  status: 201,
  errors: ['UNKNOWN_AGENT', 'UNKNOWN_EPIC']
})

export const getTask = endpoint({
  id: 'getTask',
  method: 'GET',
  path: '/api/tasks/:id',
  tag: 'tasks',
  summary: 'Get a single task with its whole log',
  scope: 'read',
  params: idParams,
  output: task,
  errors: ['NOT_FOUND']
})

export const changeTask = endpoint({
  id: 'changeTask',
  method: 'PATCH',
  path: '/api/tasks/:id',
  tag: 'tasks',
  summary: 'Update task fields. Status: `pending` stops a run and puts it back, `done` and `error` close it by hand',
  scope: 'write',
  params: idParams,
  body: taskFields.extend({ status: z.enum(taskStatuses) }).partial(),
  output: task,
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT', 'UNKNOWN_EPIC', 'TASK_RUNNING']
})

export const runTask = endpoint({
  id: 'runTask',
  method: 'POST',
  path: '/api/run',
  tag: 'tasks',
  summary:
    'Execute a task. Each message of the stream is `data: {"type","text"}` of type thinking, tool_call, tool_result, output ' +
    'or error; it ends when the run ends. A client that leaves does not stop the run.',
  scope: 'write',
  body: z.object({ taskId: reference }),
  output: z.object({ runId: z.string() }),
  stream: 'text/event-stream',
  message: z
    .object({ type: z.enum(['thinking', 'tool_call', 'tool_result', 'output', 'error']), text: z.string() })
    .meta({ id: 'RunMessage' }),
  streamOnly: true,
  errors: [
    'NOT_FOUND',
    'TASK_RUNNING',
    'TASK_BLOCKED',
    'AGENT_PAUSED',
    'AGENT_ARCHIVED',
    'CWD_NOT_ALLOWED',
    'LIMIT_REACHED'
  ]
})

const message = z
  .object({
    id: z.uuid(),
    type: z.enum(messageTypes),
    from: z.string().nullable(),
    to: z.string().nullable(),
    taskId: z.string().nullable(),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    createdAt: timestamp
  })
  .meta({ id: 'Message' })

const moment = z.iso.datetime({ offset: true })
const maxMessages = 500

export const listMessages = endpoint({
  id: 'listMessages',
  method: 'GET',
  path: '/api/messages',
  tag: 'messages',
  summary: 'List messages on the bus, most recent first',
  scope: 'read',
  query: z.object({
    agent: reference.optional().describe('Sender or receiver'),
    type: z.enum(messageTypes).optional(),
    since: moment.optional(),
    until: moment.optional(),
    limit: queryInt(1, Number.MAX_SAFE_INTEGER)
      .default(100)
      .transform(limit => Math.min(limit, maxMessages))
      .describe(`At most ${maxMessages}; more is taken for that`)
  }),
  output: z.array(message),
  errors: ['UNKNOWN_AGENT']
})

const secretScope = z.enum(secretScopes).default('org')

export const listSecrets = endpoint({
  id: 'listSecrets',
  method: 'GET',
  path: '/api/secrets',
  tag: 'secrets',
  summary: 'List secret keys; values are never returned',
  scope: 'read',
  query: z.object({ scope: secretScope, agent: reference.optional().describe('Of this agent, for scope agent') }),
  output: z.array(
    z
      .object({
        key: z.string(),
        scope: z.enum(secretScopes),
        agentId: z.string().nullable(),
        updatedAt: timestamp
      })
      .meta({ id: 'Secret' })
  ),
  errors: ['UNKNOWN_AGENT']
})

const agentId = reference.nullish().describe('Needed for scope agent')

export const setSecret = endpoint({
  id: 'setSecret',
  method: 'POST',
  path: '/api/secrets',
  tag: 'secrets',
  summary: 'Create or update a secret, encrypted at rest',
  scope: 'write',
  body: z.object({ key: secretKey, value: z.string().min(1).max(65_536), scope: secretScope, agentId }),
  output: ok,
  status: 201,
  otherStatus: { status: 200, when: 'It was replaced' },
  errors: ['UNKNOWN_AGENT', 'LIMIT_REACHED']
})

export const deleteSecret = endpoint({
  id: 'deleteSecret',
  method: 'DELETE',
  path: '/api/secrets',
  tag: 'secrets',
  summary: 'Delete a secret by key and scope',
  scope: 'write',
  query: z.object({ key: secretKey, scope: secretScope, agentId }),
  output: ok,
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT']
})

export const mcp = z
  .object({
    id: z.uuid(),
    name: z.string(),
    transport: z.enum(mcpTransports),
    command: z.string().nullable(),
    args: z.array(z.string()),
    url: z.string().nullable(),
    env_keys: z.array(z.string()),
    status: z.enum(['unknown', 'ok', 'failed']),
    created_at: timestamp
  })
  .meta({ id: 'McpServer' })

export const listMcps = endpoint({
  id: 'listMcps',
  method: 'GET',
  path: '/api/mcps',
  tag: 'mcps',
  summary: 'List all configured MCP servers, most recent first',
  scope: 'read',
  output: z.array(mcp)
})

export const createMcp = endpoint({
  id: 'createMcp',
  method: 'POST',
  path: '/api/mcps',
  tag: 'mcps',
  summary: 'Add a new MCP server: stdio needs `command`, http needs `url`. Values of `env` may say `{{secret:KEY}}`',
  scope: 'write',
  body: ourCreateMcp.body.omit({ headers: true }),
  output: mcp,
  status: 201,
  errors: ['NAME_TAKEN', 'LIMIT_REACHED']
})

const figures = {
  tokens: z.int(),
  tasks: z.int(),
  cost: z.number().nullable().describe('USD; null: no price is known')
}

export const getUsage = endpoint({
  id: 'getUsage',
  method: 'GET',
  path: '/api/usage',
  tag: 'usage',
  summary: 'Token usage and task counts, by agent, by model and by day',
  scope: 'read',
  query: z.object({ period: z.enum(usagePeriods).default('month'), agent: reference.optional() }),
  output: z
    .object({
      total_tokens: z.int(),
      task_count: z.int(),
      by_agent: z.array(z.object({ agent_id: z.string(), name: z.string(), ...figures })),
      by_model: z.array(z.object({ model: z.string(), ...figures })),
      daily_breakdown: z.array(z.object({ date: z.iso.date(), ...figures }))
    })
    .meta({ id: 'Usage' }),
  errors: ['UNKNOWN_AGENT']
})

export const getMe = endpoint({
  id: 'getMe',
  method: 'GET',
  path: '/api/me',
  tag: 'me',
  summary: 'The authenticated user and the org',
  scope: 'read',
  output: z
    .object({
      id: z.uuid(),
      email: z.string(),
      name: z.string(),
      role: z.enum(roles),
      org: z.object({ id: z.string(), name: z.string() }),
      plan: z.string(),
      features: z
        .record(z.string(), z.boolean())
        .describe('What this token may do, whether a runner is connected, and by name which runtimes are ready')
    })
    .meta({ id: 'User' })
})
