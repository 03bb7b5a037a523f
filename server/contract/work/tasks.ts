import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'
import { run } from '../runs/runs.ts'
import { usd } from '../usd.ts'

export const taskStatuses = ['pending', 'running', 'waiting', 'done', 'error'] as const
export type TaskStatus = (typeof taskStatuses)[number]
export const taskPriorities = ['low', 'normal', 'high'] as const
export type TaskPriority = (typeof taskPriorities)[number]

/** One line of what happened to a task: made, claimed, run, asked, ended, edited. */
export const taskLogEntry = z.object({ ts: timestamp, type: z.string(), text: z.string() })

export const task = z
  .object({
    id: z.uuid(),
    number: z.int(),
    title: z.string(),
    input: z.string(),
    status: z.enum(taskStatuses),
    statusSince: timestamp,
    priority: z.enum(taskPriorities),
    assigneeId: z.string().nullable(),
    requesterId: z.string().nullable().describe('Agent or person that asked for it; null: nobody is named'),
    epicId: z.string().nullable(),
    dependsOn: z.array(z.string()).describe('Tasks that must be done first'),
    blockedBy: z.array(z.string()).describe('Those of them that are not'),
    runId: z.string().nullable().describe('Its latest run'),
    output: z.string().nullable(),
    error: z.string().nullable(),
    tokens: z.int(),
    costUsd: usd.nullable(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable()
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof task>

export const taskWithLog = task.extend({ log: z.array(taskLogEntry) }).meta({ id: 'TaskWithLog' })
export type TaskWithLog = z.infer<typeof taskWithLog>

const reference = z.string().min(1).max(64)
const fields = z.object({
  title: z.string().trim().min(1).max(500),
  input: z.string().trim().min(1).max(1_000_000),
  priority: z.enum(taskPriorities),
  assigneeId: reference.nullable(),
  requesterId: reference.nullable(),
  epicId: reference.nullable(),
  dependsOn: z.array(reference).max(50)
})

export const listTasks = endpoint({
  id: 'listTasks',
  method: 'GET',
  path: '/api/v1/tasks',
  tag: 'tasks',
  summary: 'Tasks, most recent first',
  scope: 'read',
  query: pageQuery.extend({
    status: z.enum(taskStatuses).optional(),
    assigneeId: reference.optional(),
    epicId: reference.optional(),
    priority: z.enum(taskPriorities).optional(),
    search: z
      .string()
      .trim()
      .max(200)
      .optional()
      .describe('Words that all stand in its title; `#12` and `T-12` are the task of that number')
  }),
  output: page(task)
})

export const createTask = endpoint({
  id: 'createTask',
  method: 'POST',
  path: '/api/v1/tasks',
  tag: 'tasks',
  summary: 'Make a task',
  scope: 'write',
  body: fields.partial().required({ title: true, input: true }),
  output: task,
  status: 201,
  errors: ['UNKNOWN_AGENT', 'UNKNOWN_TASK', 'UNKNOWN_EPIC', 'CIRCLE']
})

export const getTask = endpoint({
  id: 'getTask',
  method: 'GET',
  path: '/api/v1/tasks/:id',
  tag: 'tasks',
  summary: 'One task with its whole log',
  scope: 'read',
  params: idParams,
  output: taskWithLog,
  errors: ['NOT_FOUND']
})

export const changeTask = endpoint({
  id: 'changeTask',
  method: 'PATCH',
  path: '/api/v1/tasks/:id',
  tag: 'tasks',
  summary: 'Change a task. Status: `pending` stops a run and puts it back, `done` and `error` close it by hand.',
  scope: 'write',
  params: idParams,
  body: fields.extend({ status: z.enum(taskStatuses) }).partial(),
  output: task,
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT', 'UNKNOWN_TASK', 'UNKNOWN_EPIC', 'CIRCLE', 'TASK_RUNNING']
})

export const deleteTask = endpoint({
  id: 'deleteTask',
  method: 'DELETE',
  path: '/api/v1/tasks/:id',
  tag: 'tasks',
  summary: 'Delete a task that does not run; its runs stay',
  scope: 'write',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'TASK_RUNNING']
})

export const runTask = endpoint({
  id: 'runTask',
  method: 'POST',
  path: '/api/v1/tasks/:id/run',
  tag: 'tasks',
  summary: 'Launch a run of its assignee; of many that try at once, one does',
  scope: 'write',
  params: idParams,
  output: run,
  status: 201,
  errors: ['NOT_FOUND', 'TASK_RUNNING', 'TASK_BLOCKED', 'AGENT_PAUSED', 'AGENT_ARCHIVED', 'CWD_NOT_ALLOWED']
})

export const epic = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    color: z.string().nullable(),
    tasks: z.int(),
    done: z.int(),
    agentIds: z.array(z.string()).describe('Agents with tasks of it that are not over'),
    createdAt: timestamp
  })
  .meta({ id: 'Epic' })
export type Epic = z.infer<typeof epic>

const epicFields = z.object({
  title: z.string().trim().min(1).max(200),
  description: z.string().max(20_000),
  color: z.string().max(40).nullable()
})

export const listEpics = endpoint({
  id: 'listEpics',
  method: 'GET',
  path: '/api/v1/epics',
  tag: 'tasks',
  summary: 'Epics with their progress, most recent first',
  scope: 'read',
  output: z.object({ data: z.array(epic) })
})

export const createEpic = endpoint({
  id: 'createEpic',
  method: 'POST',
  path: '/api/v1/epics',
  tag: 'tasks',
  summary: 'Make an epic',
  scope: 'write',
  body: epicFields.partial().required({ title: true }),
  output: epic,
  status: 201,
  errors: ['LIMIT_REACHED']
})

export const getEpic = endpoint({
  id: 'getEpic',
  method: 'GET',
  path: '/api/v1/epics/:id',
  tag: 'tasks',
  summary: 'One epic with its progress',
  scope: 'read',
  params: idParams,
  output: epic,
  errors: ['NOT_FOUND']
})

export const changeEpic = endpoint({
  id: 'changeEpic',
  method: 'PATCH',
  path: '/api/v1/epics/:id',
  tag: 'tasks',
  summary: 'Change an epic',
  scope: 'write',
  params: idParams,
  body: epicFields.partial(),
  output: epic,
  errors: ['NOT_FOUND']
})

export const deleteEpic = endpoint({
  id: 'deleteEpic',
  method: 'DELETE',
  path: '/api/v1/epics/:id',
  tag: 'tasks',
  summary: 'Delete an epic; its tasks stay, without it',
  scope: 'write',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})
