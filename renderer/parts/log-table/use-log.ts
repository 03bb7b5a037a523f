import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import type { Noun } from '#contract/live'
import type { Page } from '../../lib/apply-change.ts'
import { onChanges } from '../../lib/live.ts'

const pageSize = 100
/** Changes come as fast as agents work; a log is asked at most so often. */
const askEveryMs = 1000

interface Log<Item> {
  /** By what is asked for. */
  key: readonly unknown[]
  ask: (page: { limit: number; offset: number }, signal?: AbortSignal) => Promise<Page<Item>>
  idOf: (item: Item) => string
  /** Whose changes may add to it; without it, any. */
  noun?: Noun
  /** Until then nothing is asked. */
  enabled?: boolean
}

/**
 * A list that only grows at its front, newest first: pages of it as they were read, and how many are newer by now.
 * What is newer is brought in when it is wanted, so that nothing moves under who reads.
 */
export function useLog<Item>({ key, ask, idOf, noun, enabled = true }: Log<Item>) {
  const queries = useQueryClient()
  const current = useRef({ key, ask })
  current.current = { key, ask }
  const list = useInfiniteQuery({
    queryKey: [...key, 'pages'],
    queryFn: ({ pageParam, signal }) => ask({ limit: pageSize, offset: pageParam }, signal),
    enabled,
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    // What came since shifts the others; one that stands on two pages counts once.
    getNextPageParam: (last, pages) =>
      last.pagination.hasMore ? pages.reduce((sum, page) => sum + page.data.length, 0) : undefined
  })
  const newest = useQuery({
    queryKey: [...key, 'newest'],
    queryFn: ({ signal }) => ask({ limit: 1, offset: 0 }, signal),
    enabled,
    // While nobody looked, nobody listened.
    staleTime: 0
  })
  useAskedAfterChanges(() => void queries.invalidateQueries({ queryKey: [...current.current.key, 'newest'] }), noun)
  const asking = useRef(false)
  const catchUp = useCallback(async () => {
    if (asking.current) return
    asking.current = true
    const { key: of, ask: read } = current.current
    try {
      const page = await read({ limit: pageSize, offset: 0 })
      queries.setQueryData<InfiniteData<Page<Item>, number>>([...of, 'pages'], { pages: [page], pageParams: [0] })
    } catch {
      // The next change asks again; until then it shows what it has.
    } finally {
      asking.current = false
    }
  }, [queries])
  const first = list.data?.pages[0]
  const known = first?.data[0]
  const last = newest.data?.data[0]
  const isNewer = first !== undefined && last !== undefined && (known === undefined || idOf(known) !== idOf(last))
  const total = newest.data?.pagination.total ?? first?.pagination.total ?? 0
  const fresh = isNewer && !list.isPlaceholderData ? Math.max(1, total - first.pagination.total) : 0
  // Nobody reads an empty list.
  const atOnce = fresh > 0 && known === undefined
  useEffect(() => {
    if (atOnce) void catchUp()
  }, [atOnce, catchUp])
  return {
    items: list.data && [
      ...new Map(list.data.pages.flatMap(page => page.data).map(item => [idOf(item), item])).values()
    ],
    total,
    /** How many came since. */
    fresh,
    catchUp,
    more: () => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage(),
    error: list.error,
    again: () => void list.refetch(),
    /** What is shown is still that of another question. */
    outdated: list.isPlaceholderData
  }
}

function useAskedAfterChanges(ask: () => void, noun: Noun | undefined): void {
  const last = useRef(ask)
  last.current = ask
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onChanges(changes => {
      if (noun !== undefined && !changes.some(change => change.noun === noun)) return
      timer ??= setTimeout(() => {
        timer = undefined
        last.current()
      }, askEveryMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [noun])
}
