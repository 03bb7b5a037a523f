import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { listRuns, type Run } from '#contract/runs/runs'
import type { Page } from '../lib/apply-change.ts'
import { call } from '../lib/call.ts'
import { keys, type RunFilter } from '../lib/query-keys.ts'

const pageSize = 100

/** Pages of the list, most recent first. Live changes keep them; each begins below the last run of the one before. */
export function useRunList(filter: RunFilter, { limit = pageSize, enabled = true } = {}) {
  return useInfiniteQuery({
    queryKey: keys.runList(filter),
    queryFn: ({ pageParam, signal }) =>
      call(listRuns, {
        query: { ...filter, limit, ...(pageParam === null ? {} : { before: pageParam }) },
        signal
      }) as Promise<Page<Run>>,
    enabled,
    // While the words are typed the list stays.
    placeholderData: keepPreviousData,
    initialPageParam: null as number | null,
    getNextPageParam: (last, pages) =>
      last.pagination.hasMore ? pages.flatMap(page => page.data).at(-1)?.number : undefined
  })
}
