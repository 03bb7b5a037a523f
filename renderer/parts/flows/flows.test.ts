import { expect, test } from 'vitest'
import type { Flow } from '#contract/work/flows'
import { withFlow } from './flows.ts'

const flow = (id: string, more: Partial<Flow> = {}) =>
  ({ id, title: `Flow ${id}`, status: 'active', agentId: 'nova', mode: 'auto', createdAt: id, ...more }) as Flow
const pageOf = (total: number, ...ids: string[]) => ({
  data: ids.map(id => flow(id)),
  pagination: { total, limit: 100, offset: 0, hasMore: total > ids.length }
})
const ids = (page: ReturnType<typeof pageOf>) => [page.data.map(({ id }) => id).join(''), page.pagination.total]
const told = (op: 'created' | 'changed' | 'deleted', data: Flow | null, id = data?.id ?? '') => ({ id, op, data })

test('a flow is put where it belongs, and taken from lists whose filter it does not pass any more', () => {
  const list = pageOf(3, '5', '3', '1')
  expect(ids(withFlow(list, told('created', flow('4')), {}))).toEqual(['5431', 4])
  expect(ids(withFlow(list, told('changed', flow('3', { status: 'archived' })), {}))).toEqual(['51', 2])
  expect(ids(withFlow(list, told('changed', flow('3', { status: 'paused' })), { status: 'active' }))).toEqual(['51', 2])
  expect(ids(withFlow(list, told('created', flow('4')), { mode: 'always_ask' }))).toEqual(['531', 3])
  expect(ids(withFlow(list, told('created', flow('4')), { search: 'FLOW 4' }))).toEqual(['5431', 4])
  expect(ids(withFlow(list, told('deleted', null, '5'), {}))).toEqual(['31', 2])
  expect(withFlow(list, told('changed', flow('3', { title: 'Other' })), {}).data[1]?.title).toBe('Other')
})

test('one that changes beyond what a list reaches leaves it as it is', () => {
  const list = pageOf(900, '5', '4')
  expect(withFlow(list, told('changed', flow('1')), {})).toBe(list)
})
