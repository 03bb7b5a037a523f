import { useQuery } from '@tanstack/react-query'
import { listApprovals } from '#contract/runs/approvals'
import { type Flow, listFlows } from '#contract/work/flows'
import { call } from '../../lib/call.ts'
import { type FlowFilter, keys } from '../../lib/query-keys.ts'
import { mostFlows } from '../../parts/flows/flows.ts'

const decidedShown = 200

export function useDecided() {
  return useQuery({
    queryKey: keys.recentApprovals,
    queryFn: ({ signal }) => call(listApprovals, { query: { status: 'decided', limit: decidedShown }, signal })
  })
}

const whatAsks: FlowFilter = { status: 'active', mode: 'always_ask' }

/** Flows that ask before they start, by when they will; null: not known yet. */
export function useComingUp(): readonly (Flow & { nextRunAt: string })[] | null {
  const { data } = useQuery({
    queryKey: [...keys.flowList(whatAsks), mostFlows],
    queryFn: ({ signal }) => call(listFlows, { query: { ...whatAsks, limit: mostFlows }, signal })
  })
  if (!data) return null
  return data.data
    .flatMap(flow => (flow.nextRunAt === null ? [] : [{ ...flow, nextRunAt: flow.nextRunAt }]))
    .sort((a, b) => a.nextRunAt.localeCompare(b.nextRunAt))
}
