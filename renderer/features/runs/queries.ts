import { useInfiniteQuery } from '@tanstack/react-query'
import { listRuns, type Run } from '#contract/runs/runs'
import type { Page } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'

const pageSize = 100

/** Pages of the list, most recent first. `status` is the filter of the API: one or several with commas. */
export function useRunList(status: string | undefined) {
  return useInfiniteQuery({
    queryKey: keys.runList(status),
    queryFn: ({ pageParam, signal }) =>
      call(listRuns, { query: { status, limit: pageSize, offset: pageParam }, signal }) as Promise<Page<Run>>,
    initialPageParam: 0,
    // Runs that arrived since the first page shift the others: what is loaded is the next offset.
    getNextPageParam: (last, pages) =>
      last.pagination.hasMore ? pages.reduce((sum, page) => sum + page.data.length, 0) : undefined
  })
}
