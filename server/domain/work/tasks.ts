import { AppError, fieldError, invalid, Missing } from '#contract/errors'
import type { Run } from '#contract/runs/runs'
import { launchBody } from '#contract/runs/runs'
import type { Epic, Task, TaskPriority, TaskStatus, TaskWithLog } from '#contract/work/tasks'
import { type EpicRow, type TaskRow, toEpic, toLog, toTask } from '../../store/work/tasks.ts'
import { type Domain, type Reading, recordChange, requireActor } from '../domain.ts'
import { referredAgent } from '../fleet/agents.ts'
import { seen } from '../people/sight.ts'
import { isLive } from '../runs/run-moves.ts'
import { cancelRun, launchRun } from '../runs/runs.ts'
import { person } from './messages.ts'
import { giveTask, moveTask } from './task-progress.ts'

const maxEpics = 1000

export interface TaskQuery {
  status?: TaskStatus | undefined
  assigneeId?: string | undefined
  epicId?: string | undefined
  priority?: TaskPriority | undefined
  search?: string | undefined
  limit: number
  offset: number
}

export function listTasks(domain: Domain, query: TaskQuery): { items: Task[]; total: number } {
  const filter = {
    status: query.status ?? null,
    assigneeId: query.assigneeId === undefined ? null : referredAgent(domain, 'assigneeId', query.assigneeId).id,
    epicId: query.epicId ?? null,
    priority: query.priority ?? null,
    words: query.search?.split(/\s+/).filter(Boolean) ?? [],
    sight: domain.sight,
    limit: query.limit,
    offset: query.offset
  }
  const rows = domain.store.tasks.list(filter)
  const dependencies = domain.store.tasks.dependencies(rows.map(row => row.id))
  return { items: rows.map(row => toTask(row, dependencies)), total: domain.store.tasks.total(filter) }
}

function findTask(domain: Reading, id: string): TaskRow | undefined {
  return seen(domain, 'tasks', domain.store.tasks.byId(id))
}

function requireTask(domain: Reading, id: string): TaskRow {
  const row = findTask(domain, id)
  if (!row) throw new Missing('task', id)
  return row
}

function render(domain: Pick<Domain, 'store'>, row: TaskRow): Task {
  return toTask(row, domain.store.tasks.dependencies([row.id]))
}

export function getTask(domain: Reading, id: string): TaskWithLog {
  return { ...render(domain, requireTask(domain, id)), log: toLog(domain.store.tasks.log(id)) }
}

/** Log entries that a list tells of each task. */
const recentEntries = 5

/** Tasks of a list with the end of their logs, read at once for all of them. */
export function withRecentLogs(domain: Pick<Domain, 'store'>, tasks: readonly Task[]): TaskWithLog[] {
  const ids = tasks.map(task => task.id)
  const logs = Map.groupBy(domain.store.tasks.recentLogs(ids, recentEntries), row => row.task_id)
  return tasks.map(task => ({ ...task, log: toLog(logs.get(task.id) ?? []) }))
}

export interface TaskWish {
  title?: string | undefined
  input?: string | undefined
  priority?: TaskPriority | undefined
  assigneeId?: string | null | undefined
  requesterId?: string | null | undefined
  epicId?: string | null | undefined
  dependsOn?: string[] | undefined
  status?: TaskStatus | undefined
}

export function createTask(domain: Domain, wish: TaskWish & { title: string; input: string }): Task {
  const { user, name } = requireActor(domain)
  const now = domain.clock.now()
  const id = domain.newId()
  const { assignee_id, requester_id, epic_id } = references(domain, wish)
  domain.store.tasks.insert({
    id,
    title: wish.title,
    input: wish.input,
    status: 'pending',
    status_since: now,
    priority: wish.priority ?? 'normal',
    assignee_id: assignee_id ?? null,
    requester_id: requester_id ?? null,
    epic_id: epic_id ?? null,
    owner_id: user.id,
    created_at: now
  })
  if (wish.dependsOn) setDependencies(domain, id, wish.dependsOn)
  domain.store.tasks.addLog(id, now, 'created', `Made by ${name}`)
  recordChange(domain, 'task', 'created', id)
  return render(domain, requireTask(domain, id))
}

/** Who asked for a task: an agent, or a person, of whom `user` is the one who acts. */
function referredRequester(domain: Domain, reference: string): string {
  if (reference === person) return requireActor(domain).user.id
  const user = seen(domain, 'users', domain.store.users.byId(reference))
  return user?.id ?? referredAgent(domain, 'requesterId', reference).id
}

/** Columns of what a wish refers to; each must exist. */
function references(domain: Domain, wish: TaskWish): Partial<TaskRow> {
  if (wish.epicId && !domain.store.epics.byId(wish.epicId))
    throw fieldError('UNKNOWN_EPIC', 'epicId', `there is no epic ${wish.epicId}`, 'no such epic')
  const columns: Partial<TaskRow> = {
    assignee_id: wish.assigneeId ? referredAgent(domain, 'assigneeId', wish.assigneeId).id : wish.assigneeId,
    requester_id: wish.requesterId ? referredRequester(domain, wish.requesterId) : wish.requesterId,
    epic_id: wish.epicId
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

function setDependencies(domain: Domain, id: string, needs: readonly string[]): void {
  for (const other of needs) {
    if (!findTask(domain, other))
      throw fieldError('UNKNOWN_TASK', 'dependsOn', `there is no task ${other}`, `no task ${other}`)
    if (leadsTo(domain, other, id))
      throw fieldError('CIRCLE', 'dependsOn', 'the task would wait for itself', `${other} waits for this task`)
  }
  domain.store.tasks.setDependencies(id, needs)
}

function leadsTo(domain: Domain, from: string, to: string): boolean {
  const seen = new Set<string>()
  const open = [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...domain.store.tasks.dependencies([id]).map(dependency => dependency.needs_id))
  }
  return false
}

export function changeTask(domain: Domain, id: string, wish: TaskWish): Task {
  const row = requireTask(domain, id)
  const live = liveRun(domain, row)
  if (live && (wish.assigneeId !== undefined || wish.input !== undefined))
    throw new AppError('TASK_RUNNING', 'It runs: stop it before its assignee or its input changes')
  if (wish.dependsOn) setDependencies(domain, id, wish.dependsOn)
  const { title, input, priority } = wish
  const columns = Object.fromEntries(
    Object.entries({ title, input, priority }).filter(([, value]) => value !== undefined)
  )
  const status = wish.status ?? row.status
  if (status !== row.status) requireByHand(status)
  if (live && status !== row.status) cancelRun(domain, live.id, false)
  const finished = status === 'done' || status === 'error'
  moveTask(domain, row, status, `Changed by ${requireActor(domain).name}`, {
    ...columns,
    ...references(domain, wish),
    ...(status === row.status ? {} : { run_id: null, finished_at: finished ? domain.clock.now() : null, error: null })
  })
  return render(domain, requireTask(domain, id))
}

/** Running and waiting are for its run to say. */
function requireByHand(status: TaskStatus): void {
  if (status === 'running' || status === 'waiting')
    throw invalid('status', `a task is ${status} when its run is; run it instead`, 'pending, done or error')
}

function liveRun(domain: Pick<Domain, 'store'>, row: TaskRow) {
  const run = row.run_id === null ? undefined : domain.store.runs.byId(row.run_id)
  return run && isLive(run) ? run : undefined
}

export function deleteTask(domain: Domain, id: string): void {
  const row = requireTask(domain, id)
  if (liveRun(domain, row)) throw new AppError('TASK_RUNNING', 'It runs: stop it first')
  domain.store.tasks.remove(id)
  recordChange(domain, 'task', 'deleted', id)
}

/** Launches a run of the assignee. Writes are one after the other, so of many that try at once one gets it. */
export function runTask(domain: Domain, id: string): Run {
  const row = requireTask(domain, id)
  if (liveRun(domain, row)) throw new AppError('TASK_RUNNING', 'It runs already')
  const blocking = domain.store.tasks.dependencies([id]).filter(dependency => dependency.done === 0)
  if (blocking.length > 0)
    throw new AppError('TASK_BLOCKED', `${blocking.length} tasks that it depends on are not done`, {
      blockedBy: blocking.map(dependency => dependency.needs_id)
    })
  if (row.assignee_id === null) throw fieldError('UNKNOWN_AGENT', 'assigneeId', 'nobody is assigned', 'name an agent')
  const body = launchBody.parse({ prompt: row.input, agentId: row.assignee_id })
  const run = launchRun(domain, body, { trigger: 'task', taskId: id, continueConversation: true })
  giveTask(domain, row, run, 'was launched')
  return run
}

export function listEpics(domain: Reading): Epic[] {
  const agents = domain.store.epics.agents(domain.sight, null)
  return domain.store.epics.all().map(row => toEpic(row, agents.get(row.id) ?? []))
}

export interface EpicWish {
  title?: string | undefined
  description?: string | undefined
  color?: string | null | undefined
}

export function createEpic(domain: Domain, wish: EpicWish & { title: string }): Epic {
  if (domain.store.epics.count() >= maxEpics) throw new AppError('LIMIT_REACHED', `There are ${maxEpics} epics`)
  const id = domain.newId()
  domain.store.epics.insert({
    id,
    title: wish.title,
    description: wish.description ?? '',
    color: wish.color ?? null,
    created_at: domain.clock.now()
  })
  recordChange(domain, 'epic', 'created', id)
  return getEpic(domain, id)
}

export function getEpic(domain: Reading, id: string): Epic {
  const row = domain.store.epics.byId(id)
  if (!row) throw new Missing('epic', id)
  return renderEpic(domain, row)
}

export function renderEpic(domain: Reading, row: EpicRow): Epic {
  return toEpic(row, domain.store.epics.agents(domain.sight, row.id).get(row.id) ?? [])
}

export function changeEpic(domain: Domain, id: string, wish: EpicWish): Epic {
  getEpic(domain, id)
  domain.store.epics.update(id, Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)))
  recordChange(domain, 'epic', 'changed', id)
  return getEpic(domain, id)
}

export function deleteEpic(domain: Domain, id: string): void {
  getEpic(domain, id)
  domain.store.epics.remove(id)
  recordChange(domain, 'epic', 'deleted', id)
}
