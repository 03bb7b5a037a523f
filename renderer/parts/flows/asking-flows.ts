import { useMemo } from 'react'
import { usePendingApprovals } from '../approvals/approvals.ts'

/** Ids of flows of which a run waits for a person. */
export function useAskingFlows(): ReadonlySet<string> {
  const pending = usePendingApprovals().data?.data
  return useMemo(
    () => new Set(pending?.flatMap(({ kind, flowId }) => (kind === 'flow' ? (flowId ?? []) : []))),
    [pending]
  )
}
