import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '#contract/runs/approvals'
import type { Run, RunStatus } from '#contract/runs/runs'
import { applyApproval, applyRun, applyRunner, dropRun, type Page, refreshRunsByTag } from './apply-change.ts'
import { keys } from './query-keys.ts'

const run = (id: string, status: RunStatus = 'RUNNING') =>
  ({ id, number: id.charCodeAt(0), status, rootRunId: 'root', input: '' }) as Run
const approval = (id: string, status: Approval['status'] = 'pending') => ({ id, status, createdAt: id }) as Approval
const page = <Item>(data: Item[]): Page<Item> => ({
  data,
  pagination: { total: data.length, limit: 100, offset: 0, hasMore: false }
})
const pages = (...data: Run[][]) => ({ pages: data.map(page), pageParams: data.map((_, i) => i) })

/** Pages of a limit, of eight runs in all. */
const pagesOf = (limit: number, hasMore: boolean, ...data: Run[][]) => ({
  pages: data.map(some => ({ data: some, pagination: { total: 8, limit, offset: 0, hasMore } })),
  pageParams: data.map((_, i) => i)
})

let queries: QueryClient
const last = () => queries.getQueryData<ReturnType<typeof pages>>(keys.runList({}))?.pages.at(-1)?.pagination
const list = (status?: string) =>
  queries
    .getQueryData<ReturnType<typeof pages>>(keys.runList(status === undefined ? {} : { status }))
    ?.pages.map(one => one.data.map(item => `${item.id}:${item.status}`))
const approvals = (key: readonly string[]) => queries.getQueryData<Page<Approval>>(key)?.data.map(one => one.id)

beforeEach(() => {
  queries = new QueryClient()
})

describe('a run that changed', () => {
  test('is new at the top of every list that it belongs to', () => {
    queries.setQueryData(keys.runList({}), pages([run('a')]))
    queries.setQueryData(keys.runList({ status: 'WAITING' }), pages([]))
    queries.setQueryData(keys.runList({ status: 'QUEUED,RUNNING' }), pages([run('a')]))
    applyRun(queries, run('b'))
    expect(list(undefined)).toEqual([['b:RUNNING', 'a:RUNNING']])
    expect(list('WAITING')).toEqual([[]])
    expect(list('QUEUED,RUNNING')).toEqual([['b:RUNNING', 'a:RUNNING']])
  })

  test('belongs to what is asked of its runner and of the tags of its agent; of an unknown agent the server is asked', () => {
    const held = (filter: object) =>
      queries.getQueryData<ReturnType<typeof pages>>(keys.runList(filter))?.pages[0]?.data.map(({ id }) => id)
    queries.setQueryData(keys.agentList('present'), { data: [{ id: 'ada', tags: ['api'] }] })
    for (const filter of [{ tag: 'api' }, { tag: 'web' }, { runnerId: 'far' }])
      queries.setQueryData(keys.runList(filter), pages([]))
    applyRun(queries, { ...run('a'), agentId: 'ada', runnerId: 'near' })
    applyRun(queries, { ...run('b'), agentId: null, runnerId: 'far' })
    expect([held({ tag: 'api' }), held({ tag: 'web' }), held({ runnerId: 'far' })]).toEqual([['a'], [], ['b']])
    applyRun(queries, { ...run('c'), agentId: 'archived long ago', runnerId: 'near' })
    expect(held({ tag: 'api' })).toEqual(['a'])
    expect(queries.getQueryState(keys.runList({ tag: 'api' }))?.isInvalidated).toBe(true)
    expect(queries.getQueryState(keys.runList({ runnerId: 'far' }))?.isInvalidated).toBe(false)
  })

  test('is asked for again by tag when its agent has other tags, not when another thing of it changed', () => {
    const isAsked = () => queries.getQueryState(keys.runList({ tag: 'api' }))?.isInvalidated
    queries.setQueryData(keys.agentList('present'), { data: [{ id: 'ada', tags: ['api'] }] })
    for (const filter of [{ tag: 'api' }, {}]) queries.setQueryData(keys.runList(filter), pages([run('a')]))
    refreshRunsByTag(queries, { id: 'ada', tags: ['api'] })
    expect(isAsked()).toBe(false)
    refreshRunsByTag(queries, { id: 'ada', tags: [] })
    expect(isAsked()).toBe(true)
    expect(queries.getQueryState(keys.runList({}))?.isInvalidated).toBe(false)
  })

  test('keeps its place where it stays, and leaves where it no longer belongs', () => {
    queries.setQueryData(keys.runList({}), pages([run('a')], [run('b')]))
    queries.setQueryData(keys.runList({ status: 'RUNNING' }), pages([run('a')], [run('b')]))
    applyRun(queries, run('b', 'SUCCEEDED'))
    expect(list(undefined)).toEqual([['a:RUNNING'], ['b:SUCCEEDED']])
    expect(list('RUNNING')).toEqual([['a:RUNNING'], []])
  })

  test('joins its chain at the end', () => {
    queries.setQueryData(keys.chain('root'), page([run('a')]))
    applyRun(queries, run('b'))
    expect(queries.getQueryData<Page<Run>>(keys.chain('root'))).toMatchObject({
      data: [{ id: 'a' }, { id: 'b' }],
      pagination: { total: 2 }
    })
  })

  test('leaves every list and its chain when it is deleted', () => {
    queries.setQueryData(keys.runList({}), pages([run('a'), run('b')], [run('c')]))
    queries.setQueryData(keys.chain('root'), page([run('a'), run('b')]))
    dropRun(queries, 'b')
    dropRun(queries, 'unknown')
    expect(list(undefined)).toEqual([['a:RUNNING', 'c:RUNNING'], []])
    expect(queries.getQueryData<Page<Run>>(keys.chain('root'))).toMatchObject({
      data: [{ id: 'a' }],
      pagination: { total: 1 }
    })
  })

  test('takes its place by its number, and pages stay as long as they were read', () => {
    queries.setQueryData(keys.runList({}), pagesOf(2, true, [run('g'), run('e')], [run('d'), run('b')]))
    applyRun(queries, run('f'))
    expect(list(undefined)).toEqual([
      ['g:RUNNING', 'f:RUNNING'],
      ['e:RUNNING', 'd:RUNNING']
    ])
    // What fell out, and what is older, comes with the next page, which begins below the last one that is known.
    applyRun(queries, run('a', 'FAILED'))
    expect(list(undefined)?.flat()).toHaveLength(4)
    expect(last()).toMatchObject({ hasMore: true, total: 9 })
  })

  test('falls out of a list that was whole, which then is none any more', () => {
    queries.setQueryData(keys.runList({}), pagesOf(2, false, [run('c'), run('b')]))
    applyRun(queries, run('d'))
    expect(list(undefined)).toEqual([['d:RUNNING', 'c:RUNNING']])
    expect(last()?.hasMore).toBe(true)
  })

  test('joins a list that was read to its end, however old it is', () => {
    queries.setQueryData(keys.runList({ status: 'FAILED' }), pagesOf(3, false, [run('d', 'FAILED')]))
    applyRun(queries, run('a', 'FAILED'))
    expect(list('FAILED')).toEqual([['d:FAILED', 'a:FAILED']])
  })

  test('leaves a list that is read anew once it has become thin though there are others', () => {
    const key = keys.runList({ status: 'RUNNING' })
    const isAsked = () => queries.getQueryState(key)?.isInvalidated
    queries.setQueryData(key, pagesOf(4, true, [run('d'), run('c'), run('b'), run('a')]))
    for (const id of ['d', 'b']) applyRun(queries, run(id, 'FAILED'))
    expect(isAsked()).toBe(false)
    dropRun(queries, 'c')
    expect([list('RUNNING'), isAsked()]).toEqual([[['a:RUNNING']], true])
  })

  test('does not make up lists that were never read', () => {
    applyRun(queries, run('a'))
    expect(list(undefined)).toBeUndefined()
    expect(queries.getQueryData(keys.run('a'))).toMatchObject({ id: 'a' })
  })
})

describe('an approval that changed', () => {
  test('waits last in the queue, and moves to the top of the decided ones', () => {
    queries.setQueryData(keys.pendingApprovals, page([approval('a')]))
    queries.setQueryData(keys.recentApprovals, page([approval('z', 'denied')]))
    applyApproval(queries, approval('b'))
    expect(approvals(keys.pendingApprovals)).toEqual(['a', 'b'])
    applyApproval(queries, approval('a', 'approved'))
    expect(approvals(keys.pendingApprovals)).toEqual(['b'])
    expect(approvals(keys.recentApprovals)).toEqual(['a', 'z'])
  })

  test('that is open again waits again', () => {
    queries.setQueryData(keys.pendingApprovals, page([]))
    queries.setQueryData(keys.recentApprovals, page([approval('a', 'expired')]))
    applyApproval(queries, approval('a'))
    expect(approvals(keys.pendingApprovals)).toEqual(['a'])
    expect(approvals(keys.recentApprovals)).toEqual([])
  })
})

test('a runner that is forgotten leaves the list', () => {
  queries.setQueryData(keys.runners, { data: [{ id: 'r1' }, { id: 'r2' }] })
  applyRunner(queries, 'r1', null)
  expect(queries.getQueryData(keys.runners)).toEqual({ data: [{ id: 'r2' }] })
})
