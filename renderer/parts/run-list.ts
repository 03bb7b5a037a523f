import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { listRuns, type Run } from '#contract/runs/runs'
import type { Page } from '../lib/apply-change.ts'
import { call } from '../lib/call.ts'
import { keys, type RunFilter } from '../lib/query-keys.ts'

const pageSize = 100

/** Pages of the list, most recent first. */
export function useRunList(filter: RunFilter, { limit = pageSize, enabled = true } = {}) {
  return useInfiniteQuery({
    queryKey: keys.runList(filter),
    queryFn: ({ pageParam, signal }) =>
      call(listRuns, { query: { ...filter, limit, offset: pageParam }, signal }) as Promise<Page<Run>>,
    enabled,
    // While the words are typed the list stays.
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    // Runs that arrived since the first page shift the others: what is loaded is the next offset.
    getNextPageParam: (last, pages) =>
      last.pagination.hasMore ? pages.reduce((sum, page) => sum + page.data.length, 0) : undefined
  })
}
