import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { Change } from '#contract/live'
import { listFlowRuns, triggerFlow } from '#contract/work/flow-runs'
import {
  changeFlow,
  createFlow,
  deleteFlow,
  type Flow,
  getFlow,
  listFlows,
  newWebhookSecret
} from '#contract/work/flows'
import type { Page } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { type FlowFilter, keys } from '../../lib/query-keys.ts'

type FlowChange = Pick<Extract<Change, { noun: 'flow' }>, 'id' | 'op' | 'data'>

/** Also called with the answer of an own request, so that nothing waits for the connection. */
export function applyFlow(queries: QueryClient, change: FlowChange): void {
  const { id, op, data } = change
  if (op === 'deleted' || data === null) void queries.invalidateQueries({ queryKey: keys.flow(id) })
  else queries.setQueryData<Flow>(keys.flow(id), data)
  // What comes of each time is told by the flow alone.
  void queries.invalidateQueries({ queryKey: keys.flowRuns(id) })
  for (const [key, page] of queries.getQueriesData<Page<Flow>>({ queryKey: keys.flowLists }))
    if (page) queries.setQueryData(key, withFlow(page, change, key[1] as FlowFilter))
}

/** A list holds the newest flows that pass its filter, as far as it reaches. */
export function withFlow(page: Page<Flow>, { id, op, data }: FlowChange, filter: FlowFilter): Page<Flow> {
  const at = page.data.findIndex(one => one.id === id)
  const more = (by: number) => ({ ...page.pagination, total: page.pagination.total + by })
  if (op === 'deleted' || data === null || !passes(data, filter))
    return at < 0 ? page : { data: page.data.toSpliced(at, 1), pagination: more(-1) }
  if (at >= 0) return { ...page, data: page.data.with(at, data) }
  // It may be one of those that the list does not reach.
  if (op !== 'created' && page.data.length < page.pagination.total) return page
  const before = page.data.findIndex(one => one.createdAt <= data.createdAt)
  return { data: page.data.toSpliced(before < 0 ? page.data.length : before, 0, data), pagination: more(1) }
}

/** The rule of the API for lists of flows; like the store it takes capital and small for the same from A to Z alone. */
function passes(flow: Flow, { status, agentId, mode, search = '' }: FlowFilter): boolean {
  const small = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
  return (
    (status ? flow.status === status : flow.status !== 'archived') &&
    (!agentId || flow.agentId === agentId) &&
    (!mode || flow.mode === mode) &&
    small(search)
      .split(/\s+/)
      .every(word => small(flow.title).includes(word))
  )
}

const shownFirst = 100
/** More than anybody reads as a list: then it is filtered. */
export const mostFlows = 500

/** The newest flows that pass a filter. */
export function useFlows(filter: FlowFilter, first = shownFirst) {
  const [limit, setLimit] = useState(first)
  const list = useQuery({
    queryKey: [...keys.flowList(filter), limit],
    queryFn: ({ signal }) => call(listFlows, { query: { ...filter, limit }, signal }),
    placeholderData: keepPreviousData
  })
  const total = list.data?.pagination.total ?? 0
  return {
    flows: list.data?.data,
    total,
    error: list.error,
    again: () => void list.refetch(),
    more: () => limit < Math.min(total, mostFlows) && setLimit(Math.min(mostFlows, limit * 2))
  }
}

/** null: there is none to ask for. */
export function useFlow(id: string | null) {
  return useQuery({
    queryKey: keys.flow(id ?? ''),
    queryFn: ({ signal }) => call(getFlow, { params: { id: id ?? '' }, signal }),
    enabled: id !== null
  })
}

const ticksFirst = 50
const mostTicks = 500

/** Each time that a flow was to start, latest first. */
export function useTicks(flowId: string) {
  const [limit, setLimit] = useState(ticksFirst)
  const list = useQuery({
    queryKey: [...keys.flowRuns(flowId), limit],
    queryFn: ({ signal }) => call(listFlowRuns, { params: { id: flowId }, query: { limit }, signal }),
    placeholderData: keepPreviousData
  })
  const total = list.data?.pagination.total ?? 0
  return {
    ticks: list.data?.data,
    total,
    error: list.error,
    again: () => void list.refetch(),
    more: limit < Math.min(total, mostTicks) ? () => setLimit(Math.min(mostTicks, limit * 2)) : undefined
  }
}

export type NewFlow = z.input<typeof createFlow.body>
export type FlowPatch = z.input<typeof changeFlow.body>

export function useFlowActions() {
  const queries = useQueryClient()
  const apply = (op: 'created' | 'changed') => (flow: Flow) => applyFlow(queries, { id: flow.id, op, data: flow })
  return {
    create: useMutation({
      mutationFn: ({ body, key }: { body: NewFlow; key: string }) => call(createFlow, { body, idempotencyKey: key }),
      onSuccess: apply('created')
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: FlowPatch & { id: string }) => call(changeFlow, { params: { id }, body }),
      onSuccess: apply('changed')
    }),
    remove: useMutation({
      mutationFn: (id: string) => call(deleteFlow, { params: { id } }),
      onSuccess: (_, id) => applyFlow(queries, { id, op: 'deleted', data: null })
    }),
    start: useMutation({
      mutationFn: ({ id, variables = {} }: { id: string; variables?: Record<string, string> }) =>
        call(triggerFlow, { params: { id }, body: { variables } }),
      onSuccess: (_, { id }) => queries.invalidateQueries({ queryKey: keys.flowRuns(id) })
    }),
    secret: useMutation({
      mutationFn: ({ id, triggerId }: { id: string; triggerId: string }) =>
        call(newWebhookSecret, { params: { id, triggerId } }),
      onSuccess: (_, { id }) => queries.invalidateQueries({ queryKey: keys.flow(id) })
    })
  }
}
