import { useLocation, useSearch } from 'wouter'
import type { RunFilter } from '../../../lib/query-keys.ts'
import { statusFilters } from '../../../parts/run-status-filters.ts'

type Name = 'status' | 'search' | 'view'

/** What the sessions of an agent show, as it stands in the URL. */
export function useSessionAddress(agentId: string) {
  // What the router hands out is decoded already: an & in a word would end it.
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const addressWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    if (text === '') after.delete(name)
    else after.set(name, text)
    return `/fleet/${agentId}?${after}`
  }
  const status = statusFilters.find(one => one.id === params.get('status'))
  const search = params.get('search') ?? ''
  const filter: RunFilter = {
    agentId,
    ...(status && { status: status.statuses.join(',') }),
    ...(search && { search })
  }
  return {
    status: status?.id ?? '',
    search,
    filter,
    filtered: status !== undefined || search !== '',
    /** Each run for itself. */
    apart: params.get('view') === 'runs',
    addressWith,
    set: (name: Name, text: string) => navigate(addressWith(name, text), { replace: name === 'search' })
  }
}

export type SessionAddress = ReturnType<typeof useSessionAddress>
