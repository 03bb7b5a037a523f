import { useLocation, useSearch } from 'wouter'
import { flowStatuses } from '#contract/work/flows'
import type { FlowFilter } from '../../lib/query-keys.ts'

type Name = 'search' | 'status' | 'agent'

/** Filters as they stand in the URL. */
export function useFlowAddress() {
  // What the router hands out is decoded already: an & in a word would end it.
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const search = (params.get('search') ?? '').slice(0, 200)
  const agentId = (params.get('agent') ?? '').slice(0, 64)
  const status = flowStatuses.find(one => one === params.get('status'))
  const filter: FlowFilter = { ...(search && { search }), ...(agentId && { agentId }), ...(status && { status }) }
  return {
    filter,
    search,
    agentId,
    status,
    filtered: Object.keys(filter).length > 0,
    set: (name: Name, text: string) => {
      const after = new URLSearchParams(location.search)
      if (text === '') after.delete(name)
      else after.set(name, text)
      navigate(location.pathname + (after.size === 0 ? '' : `?${after}`), { replace: name === 'search' })
    },
    /** Of a flow, or of the list without one; what is filtered stays. */
    addressOf: (id: string | null) => (id === null ? '/flows' : `/flows/${id}`) + location.search
  }
}

export type FlowAddress = ReturnType<typeof useFlowAddress>
