import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { getMessage, listMessages, listThreads, sendMessage } from '#contract/work/messages'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { useLog } from '../log-table/use-log.ts'

type Filter = Partial<z.input<typeof listThreads.query>>

const threadPage = 100

export function useTimeline(filter: Filter, enabled: boolean) {
  return useLog({
    key: keys.messageList(filter),
    ask: (page, signal) => call(listMessages, { query: { ...filter, ...page }, signal }),
    idOf: message => message.id,
    noun: 'message',
    enabled
  })
}

export function useThreads(filter: Filter, enabled: boolean) {
  return useLog({
    key: keys.threadList(filter),
    ask: (page, signal) => call(listThreads, { query: { ...filter, ...page }, signal }),
    // One that grew stands in front anew.
    idOf: thread => thread.last.id,
    noun: 'message',
    enabled
  })
}

/** A message never changes. */
export function useMessage(id: string) {
  return useQuery({
    queryKey: keys.message(id),
    queryFn: ({ signal }) => call(getMessage, { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY
  })
}

/** The messages of a thread, newest first. */
export function useThread(id: string | undefined) {
  return useInfiniteQuery({
    queryKey: keys.thread(id ?? ''),
    queryFn: ({ pageParam, signal }) =>
      call(listMessages, { query: { thread: id ?? '', limit: threadPage, offset: pageParam }, signal }),
    enabled: id !== undefined,
    initialPageParam: 0,
    getNextPageParam: (last, pages) =>
      last.pagination.hasMore ? pages.reduce((sum, page) => sum + page.data.length, 0) : undefined
  })
}

type Body = z.input<typeof sendMessage.body>

/** `key` stays the same while the text does: sent twice after a lost answer, it is one message. */
export function useSend() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ key, ...body }: Body & { key: string }) => call(sendMessage, { body, idempotencyKey: key }),
    onSuccess: message => queries.invalidateQueries({ queryKey: keys.thread(message.threadId) })
  })
}
