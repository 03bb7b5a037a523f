import type { MessageType } from '#contract/work/messages'

export const typeWords: Record<MessageType, string> = {
  'task.started': 'Task started',
  'task.done': 'Task done',
  'task.error': 'Task failed',
  'agent.message': 'Message',
  'tool.result': 'Tool result',
  'approval.requested': 'Approval asked',
  'approval.granted': 'Approval given',
  'approval.rejected': 'Approval denied'
}

/** The day that a message is read by. */
export function dayWords(ts: string, now: number): string {
  const then = new Date(ts)
  const today = new Date(now)
  const year = then.getFullYear() === today.getFullYear() ? undefined : ('numeric' as const)
  const words = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year })
    .format(then)
    .replace(',', '')
  return then.toDateString() === today.toDateString() ? `Today, ${words}` : words
}

export const ranges = [
  { id: 'today', title: 'Today', days: 0 },
  { id: 'week', title: 'Last 7 days', days: 6 },
  { id: 'month', title: 'Last 30 days', days: 29 }
] as const

/** When the first day of a range begins, where the reader is. */
export function startOf(days: number, now: number): string {
  const today = new Date(now)
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).toISOString()
}
