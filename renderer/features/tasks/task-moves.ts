import type { Task, TaskStatus } from '#contract/work/tasks'
import { count } from '../../lib/format.ts'
import { taskLooks } from '../../parts/task-status.tsx'

const order: readonly TaskStatus[] = ['pending', 'running', 'waiting', 'error', 'done']

/** The columns of the board, in their order. */
export const columns = order.map(status => ({ status, ...taskLooks[status] }))

export function columnOf(status: TaskStatus): (typeof columns)[number] {
  const column = columns.find(one => one.status === status)
  if (!column) throw new Error(`no column for ${status}`)
  return column
}

/** What a move to a column does, or why it cannot be made. `words` say it before it is done. */
export type Move = { does: 'run' | 'stop' | 'mark'; words: string } | { does: 'nothing'; words: string }

type Moved = Pick<Task, 'status' | 'blockedBy' | 'runId'>

/** A task that a person put back has no run; one that is pending with a run stands in the queue. */
export function isQueued({ status, runId }: Pick<Task, 'status' | 'runId'>): boolean {
  return status === 'pending' && runId !== null
}

export function moveOf(task: Moved, to: TaskStatus): Move {
  if (to === task.status) return { does: 'nothing', words: 'It is there already' }
  const isLive = task.status === 'running' || task.status === 'waiting' || isQueued(task)
  switch (to) {
    case 'waiting':
      return { does: 'nothing', words: 'A task waits when its run asks you' }
    case 'running':
      return startOf(task)
    case 'pending':
      return isLive ? { does: 'stop', words: 'Stops its run' } : { does: 'mark', words: 'To be done again' }
    case 'done':
      return isLive ? { does: 'stop', words: 'Stops its run and counts as done' } : { does: 'mark', words: 'Closes it' }
    case 'error':
      return isLive ? { does: 'stop', words: 'Stops its run' } : { does: 'mark', words: 'Closes it as failed' }
    default:
      return to satisfies never
  }
}

function startOf(task: Moved): Move {
  if (task.status === 'waiting') return { does: 'nothing', words: 'It goes on when you answer' }
  if (isQueued(task)) return { does: 'nothing', words: 'It is queued and starts by itself' }
  if (task.blockedBy.length > 0)
    return { does: 'nothing', words: `Depends on ${count(task.blockedBy.length, 'task')} not done yet` }
  return { does: 'run', words: 'Starts a run of its assignee' }
}

/** The columns as they are read: who waits longest comes first, then what is most urgent, then what is newest. */
export function inOrder(status: TaskStatus, tasks: readonly Task[]): Task[] {
  const rank = { high: 0, normal: 1, low: 2 }
  const oldest = (a: Task, b: Task) => a.statusSince.localeCompare(b.statusSince)
  switch (status) {
    case 'pending':
      return tasks.toSorted((a, b) => rank[a.priority] - rank[b.priority] || a.number - b.number)
    case 'running':
    case 'waiting':
      return tasks.toSorted(oldest)
    case 'done':
    case 'error':
      return tasks.toSorted((a, b) => oldest(b, a))
    default:
      return status satisfies never
  }
}
