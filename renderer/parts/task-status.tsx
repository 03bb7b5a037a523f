import type { TaskStatus } from '#contract/work/tasks'
import { Status, type Tone } from '../ui/glyph.tsx'

/** How a task stands as a person sees it. */
export const taskLooks: Record<TaskStatus, { title: string; tone: Tone }> = {
  pending: { title: 'Pending', tone: 'queued' },
  running: { title: 'Running', tone: 'running' },
  waiting: { title: 'Waiting', tone: 'waiting' },
  error: { title: 'Failed', tone: 'failed' },
  done: { title: 'Done', tone: 'done' }
}

export function TaskStatusText({ status }: { status: TaskStatus }) {
  return <Status tone={taskLooks[status].tone}>{taskLooks[status].title}</Status>
}
