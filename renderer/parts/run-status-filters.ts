import type { RunStatus } from '#contract/runs/runs'

export interface StatusFilter {
  id: string
  title: string
  statuses: readonly RunStatus[]
}

export const statusFilters: readonly StatusFilter[] = [
  { id: 'waiting', title: 'Waiting', statuses: ['WAITING'] },
  { id: 'running', title: 'Running', statuses: ['QUEUED', 'CLAIMED', 'RUNNING'] },
  { id: 'done', title: 'Done', statuses: ['SUCCEEDED'] },
  { id: 'failed', title: 'Failed', statuses: ['FAILED', 'TIMED_OUT', 'LOST'] },
  { id: 'cancelled', title: 'Cancelled', statuses: ['CANCELLED'] }
]
