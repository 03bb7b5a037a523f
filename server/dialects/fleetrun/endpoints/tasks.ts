import { z } from 'zod'
import { endpoint, idParams, queryInt, timestamp } from '#contract/endpoint'
import { taskPriorities, taskStatuses, taskWithLog } from '#contract/work/tasks'
import { reference } from './parts.ts'

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
