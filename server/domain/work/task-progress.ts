import type { Run, RunStatus } from '#contract/runs/runs'
import type { MessageType } from '#contract/work/messages'
import type { TaskStatus } from '#contract/work/tasks'
import type { RunRow } from '../../store/runs/runs.ts'
import type { TaskRow } from '../../store/work/tasks.ts'
import { type Domain, recordChange } from '../domain.ts'
import { person, postMessage } from './messages.ts'

/** How the status of a run reads on its task. */
const taskStatusOf: Record<RunStatus, TaskStatus> = {
  QUEUED: 'pending',
  CLAIMED: 'pending',
  RUNNING: 'running',
  WAITING: 'waiting',
  SUCCEEDED: 'done',
  FAILED: 'error',
  CANCELLED: 'error',
  TIMED_OUT: 'error',
  LOST: 'error'
}

const told: Partial<Record<RunStatus, MessageType>> = {
  SUCCEEDED: 'task.done',
  FAILED: 'task.error',
  CANCELLED: 'task.error',
  TIMED_OUT: 'task.error',
  LOST: 'task.error'
}

/** Carries the move of a run over to the task that it executes, as long as no later run does. */
export function followRun(domain: Domain, run: RunRow): void {
  const task = taskOf(domain, run)
  if (!task) return
  const status = taskStatusOf[run.status]
  const ended = told[run.status]
  const started = run.status === 'RUNNING' && task.started_at === null
  moveTask(domain, task, status, logText(run), {
    tokens: run.input_tokens + run.output_tokens + run.cache_read_tokens + run.cache_write_tokens,
    cost_usd: run.cost_usd,
    ...(started ? { started_at: domain.clock.now() } : {}),
    ...(ended ? { finished_at: domain.clock.now(), output: run.result, error: errorOf(run) } : { finished_at: null })
  })
  const message = ended ?? (started ? 'task.started' : undefined)
  if (message) tell(domain, task, run, message)
}

/** The task that a run executes; undefined when there is none any more, or a later run executes it. */
export function taskOf(domain: Pick<Domain, 'store'>, run: RunRow): TaskRow | undefined {
  const task = run.task_id === null ? undefined : domain.store.tasks.byId(run.task_id)
  return task?.run_id === run.id ? task : undefined
}

/** From now on this run executes the task. */
export function giveTask(domain: Domain, task: TaskRow, run: Pick<Run, 'id' | 'number'>, words: string): void {
  moveTask(domain, task, 'pending', `Run ${run.number} ${words}`, {
    run_id: run.id,
    output: null,
    error: null,
    started_at: null,
    finished_at: null
  })
}

function errorOf(run: RunRow): string | null {
  return run.status === 'CANCELLED' ? 'cancelled' : run.error_message
}

function logText(run: RunRow): string {
  const what = `Run ${run.number} is ${run.status.toLowerCase().replace('_', ' ')}`
  return run.status_reason === null ? what : `${what}: ${run.status_reason}`
}

function tell(domain: Domain, task: TaskRow, run: RunRow, type: MessageType): void {
  const text = type === 'task.started' ? `Started: ${task.title}` : (run.result ?? errorOf(run) ?? task.title)
  const to = task.requester_id ?? person
  postMessage(domain, {
    type,
    from: task.assignee_id,
    to,
    taskId: task.id,
    runId: run.id,
    text,
    data: { title: task.title }
  })
}

/** Writes columns of a task with the line that says so. */
export function moveTask(
  domain: Domain,
  task: TaskRow,
  status: TaskStatus,
  text: string,
  columns: Partial<TaskRow> = {}
): TaskRow {
  const now = domain.clock.now()
  const moved = status === task.status ? {} : { status, status_since: now }
  domain.store.tasks.update(task.number, { ...columns, ...moved })
  domain.store.tasks.addLog(task.id, now, status === task.status ? 'note' : status, text)
  recordChange(domain, 'task', 'changed', task.id)
  return { ...task, ...columns, ...moved }
}
