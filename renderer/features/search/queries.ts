import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { listRunEvents } from '#contract/runs/events'
import type { Run } from '#contract/runs/runs'
import { type SearchHit, search } from '#contract/runs/search'
import { call } from '../../lib/call.ts'
import { keys, type SearchFilter } from '../../lib/query-keys.ts'

/** Hits of one run that are shown until more are asked for. */
const perRun = 3
const hitsOfAll = 60
const hitsOfOne = 100
/** While older runs are read, what is found grows. */
const behindMs = 2000

export interface FoundRun {
  run: Run
  /** In the whole run; null: not counted. */
  count: number | null
  hits: SearchHit[]
}

/** What is found, by run; the newest first. */
export function useHits(filter: SearchFilter) {
  const list = useInfiniteQuery({
    queryKey: keys.search(filter),
    queryFn: ({ pageParam, signal }) =>
      call(search, {
        query: { ...filter, perRun, limit: hitsOfAll, ...(pageParam !== null && { cursor: pageParam }) },
        signal
      }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    enabled: filter.q.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.index.complete === false ? behindMs : false)
  })
  const { data } = list
  const runs = useMemo(() => byRun(data?.pages ?? []), [data])
  return { ...list, runs, index: data?.pages.at(-1)?.index, searchedBackTo: data?.pages.at(-1)?.searchedBackTo ?? null }
}

type Page = { hits: SearchHit[]; runs: { run: Run; hits: number | null }[] }

function byRun(pages: readonly Page[]): FoundRun[] {
  const found = new Map<string, FoundRun>()
  for (const page of pages) {
    for (const { run, hits: count } of page.runs) if (!found.has(run.id)) found.set(run.id, { run, count, hits: [] })
    for (const hit of page.hits) found.get(hit.runId)?.hits.push(hit)
  }
  return [...found.values()]
}

/** All hits of one run, once they are asked for. */
export function useHitsOfRun(filter: SearchFilter, runId: string, wanted: boolean) {
  return useQuery({
    queryKey: [...keys.search(filter), runId],
    queryFn: ({ signal }) => call(search, { query: { ...filter, runId, limit: hitsOfOne }, signal }),
    enabled: wanted,
    staleTime: 0
  })
}

/** What stands around an event in its run. */
export function useNeighbours({ runId, seq }: Pick<SearchHit, 'runId' | 'seq'>) {
  return useQuery({
    queryKey: keys.neighbours(runId, seq),
    queryFn: ({ signal }) =>
      call(listRunEvents, { params: { id: runId }, query: { after: Math.max(0, seq - 3), limit: 8 }, signal })
  })
}
