import { useQuery } from '@tanstack/react-query'
import { listApprovals } from '#contract/runs/approvals'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'

const decidedShown = 200

export function useDecided() {
  return useQuery({
    queryKey: keys.recentApprovals,
    queryFn: ({ signal }) => call(listApprovals, { query: { status: 'decided', limit: decidedShown }, signal })
  })
}
