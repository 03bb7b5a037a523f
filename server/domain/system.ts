import { type RunStatus, runStatuses } from '#contract/runs'
import type { Domain } from './domain.ts'

export interface Counts {
  runs: Record<RunStatus, number>
  runners: { online: number; total: number }
  pendingApprovals: number
  oldestPendingApprovalAt: string | null
}

/** What a glance at the fleet needs; all from counters. */
export function counts(domain: Domain): Counts {
  const runs = Object.fromEntries(runStatuses.map(status => [status, 0])) as Record<RunStatus, number>
  for (const row of domain.store.runs.counts()) runs[row.status] += row.count
  const runners = domain.store.runners.all()
  const oldest = domain.store.approvals.oldestPendingAt()
  return {
    runs,
    runners: { online: runners.filter(row => row.online === 1).length, total: runners.length },
    pendingApprovals: domain.store.approvals.pendingCount(),
    oldestPendingApprovalAt: oldest === null ? null : new Date(oldest).toISOString()
  }
}
