import { useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { AgentState } from '../../../parts/agent-status.tsx'
import { type Grouping, groupings, type Wanted } from './fleet-lines.ts'

export const stateFilters: readonly { id: string; title: string; states: readonly AgentState[] }[] = [
  { id: 'waiting', title: 'Waiting', states: ['waiting'] },
  { id: 'running', title: 'Running', states: ['running'] },
  { id: 'queued', title: 'Queued', states: ['queued'] },
  { id: 'failed', title: 'Failed', states: ['failed', 'degraded'] },
  { id: 'rest', title: 'At rest', states: ['idle'] },
  { id: 'paused', title: 'Paused', states: ['paused'] },
  { id: 'archived', title: 'Archived', states: ['archived'] }
]

type Name = 'status' | 'search' | 'runtime' | 'place' | 'tag' | 'group' | 'view'

function wantedOf(params: URLSearchParams): Wanted {
  const value = (name: Name) => params.get(name) ?? ''
  return {
    states: stateFilters.find(one => one.id === value('status'))?.states ?? null,
    search: value('search'),
    runtime: value('runtime'),
    place: value('place'),
    tag: value('tag')
  }
}

/** What the list shows, as it stands in the URL. */
export function useFleetFilters() {
  // What the router hands out is decoded already: an & in a word would end it.
  useSearch()
  const query = location.search
  const params = new URLSearchParams(query)
  const [, navigate] = useLocation()
  const addressWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    if (text === '') after.delete(name)
    else after.set(name, text)
    return after.size === 0 ? '/fleet' : `/fleet?${after}`
  }
  const state = stateFilters.find(one => one.id === params.get('status'))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same one as long as the address is the same
  const wanted = useMemo(() => wantedOf(new URLSearchParams(query)), [query])
  const { states, ...words } = wanted
  const others = Object.values(words).some(text => text !== '')
  const group: Grouping = groupings.find(one => one === params.get('group')) ?? 'status'
  return {
    state,
    wanted,
    group,
    grid: params.get('view') === 'grid',
    filtered: states !== null || others,
    /** Nothing but the status is filtered. */
    byStatusAlone: !others,
    set: (name: Name, text: string) => navigate(addressWith(name, text), { replace: name === 'search' }),
    addressWith
  }
}

export type FleetFilters = ReturnType<typeof useFleetFilters>
