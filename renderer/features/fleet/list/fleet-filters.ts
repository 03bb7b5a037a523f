import { useLocation, useSearch } from 'wouter'
import type { AgentState } from '../../../parts/agent-status.tsx'
import { type Grouping, groupings } from './fleet-lines.ts'

export const stateFilters: readonly { id: string; title: string; states: readonly AgentState[] }[] = [
  { id: 'waiting', title: 'Waiting', states: ['waiting'] },
  { id: 'running', title: 'Running', states: ['running'] },
  { id: 'queued', title: 'Queued', states: ['queued'] },
  { id: 'failed', title: 'Failed', states: ['failed', 'degraded'] },
  { id: 'rest', title: 'At rest', states: ['idle'] },
  { id: 'paused', title: 'Paused', states: ['paused'] },
  { id: 'archived', title: 'Archived', states: ['archived'] }
]

type Name = 'status' | 'search' | 'group' | 'view'

/** What the list shows, as it stands in the URL. */
export function useFleetFilters() {
  // What the router hands out is decoded already: an & in a word would end it.
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const addressWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    if (text === '') after.delete(name)
    else after.set(name, text)
    return after.size === 0 ? '/fleet' : `/fleet?${after}`
  }
  const state = stateFilters.find(one => one.id === params.get('status'))
  const search = params.get('search') ?? ''
  const group: Grouping = groupings.find(one => one === params.get('group')) ?? 'status'
  return {
    state,
    search,
    group,
    grid: params.get('view') === 'grid',
    filtered: state !== undefined || search !== '',
    set: (name: Name, text: string) => navigate(addressWith(name, text), { replace: name === 'search' }),
    addressWith
  }
}

export type FleetFilters = ReturnType<typeof useFleetFilters>
