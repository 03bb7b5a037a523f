import { type RunStatus, runStatuses } from '#contract/runs/runs'
import type { Domain, Reading } from './domain.ts'

/** What is wrong with the store, in words; null: nothing. */
export function troubleOf({ store, vault }: Pick<Domain, 'vault' | 'store'>): string | null {
  const failure = store.writer.failure()
  if (failure !== null) return failure
  const { secrets, mcps } = store.secrets.foreign(vault.mark)
  if (secrets + mcps === 0) return null
  const what = [secrets > 0 ? `${secrets} secrets` : '', mcps > 0 ? `${mcps} MCP servers` : ''].filter(
    text => text !== ''
  )
  return `The data key was replaced: the values of ${what.join(' and ')} cannot be read. Put data.key back, or set them again.`
}

export interface Counts {
  runs: Record<RunStatus, number>
  runners: { online: number; total: number }
  demo: boolean
  pendingApprovals: number
  oldestPendingApprovalAt: string | null
}

/** What a glance at the fleet needs; all from counters. */
export function counts(domain: Reading): Counts {
  const runs = Object.fromEntries(runStatuses.map(status => [status, 0])) as Record<RunStatus, number>
  for (const row of domain.store.runs.counts(domain.sight)) runs[row.status] += row.count
  const runners = domain.store.runners.all()
  const pending = { status: 'pending', run: null, sight: domain.sight, limit: 1, offset: 0 } as const
  const [oldest] = domain.store.approvals.list(pending)
  return {
    runs,
    runners: { online: runners.filter(row => row.online === 1).length, total: runners.length },
    demo: domain.sight === 'everything' && domain.store.demo.any(),
    pendingApprovals: domain.store.approvals.total(pending),
    oldestPendingApprovalAt: oldest ? new Date(oldest.created_at).toISOString() : null
  }
}
