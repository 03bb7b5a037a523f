import { useLocation, useSearch } from 'wouter'
import { endedStatuses, type RunStatus } from '#contract/runs/runs'
import type { RunFilter } from '../../../lib/query-keys.ts'
import { statusFilters } from '../../../parts/run-status-filters.ts'

const liveStatuses: readonly RunStatus[] = ['WAITING', 'RUNNING', 'CLAIMED', 'QUEUED']

type Name = 'status' | 'search' | 'runtime' | 'folder' | 'place' | 'tag'

/** The filters of the list as they stand in the URL. */
export function useRunFilters() {
  // What the router hands out is decoded already: an & in a word would end it.
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const addressWith = (name: Name, text: string) => {
    const after = new URLSearchParams(location.search)
    if (text === '') after.delete(name)
    else after.set(name, text)
    return after.size === 0 ? '/runs' : `/runs?${after}`
  }
  const value = (name: Name) => params.get(name) ?? ''
  const status = statusFilters.find(one => one.id === value('status'))
  const search = value('search')
  const runtime = value('runtime')
  const folder = value('folder')
  const place = value('place')
  const tag = value('tag')
  const rest: RunFilter = {
    ...(search && { search }),
    ...(runtime && { runtime }),
    ...(folder && { folder }),
    ...(place && { runnerId: place }),
    ...(tag && { tag })
  }
  /** Of the statuses that are wanted, those that a list shows; null: none. */
  const of = (statuses: readonly RunStatus[]): RunFilter | null => {
    const wanted = statuses.filter(one => !status || status.statuses.includes(one))
    return wanted.length === 0 ? null : { ...rest, status: wanted.join(',') }
  }
  return {
    status,
    search,
    runtime,
    folder,
    /** Id of the runner. */
    place,
    tag,
    filtered: status !== undefined || Object.keys(rest).length > 0,
    /** Nothing but the status is filtered. */
    byStatusAlone: Object.keys(rest).length === 0,
    live: of(liveStatuses),
    ended: of(endedStatuses),
    /** Each keystroke would be a page of the browser's history. */
    set: (name: Name, text: string) => navigate(addressWith(name, text), { replace: name === 'search' }),
    /** The address of the list with another status and all other filters. */
    withStatus: (id: string | undefined) => addressWith('status', id ?? '')
  }
}

export type RunFilters = ReturnType<typeof useRunFilters>
