import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeAgent, createAgent, executeAgent } from '#contract/fleet/agents'
import { launchRun, listRuns } from '#contract/runs/runs'
import { connectRunner } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
  await connectRunner(app, { allowedDirs: ['/work', '/wor'] })
  for (const [prompt, cwd] of [
    ['Fix the flaky Test', '/work/api'],
    ['Write 100% of the tests', '/work/api/v1'],
    ['Rename under_scores', '/work/api-2'],
    ['Fix underXscores', null]
  ] as const)
    await app.call(launchRun, { body: { prompt, ...(cwd === null ? {} : { cwd }) } })
})
afterAll(() => app.close())

const found = async (query: Record<string, string | number>) => {
  const { data, pagination } = await app.call(listRuns, { query })
  expect(pagination.total).toBe(data.length)
  return data.map(run => run.number)
}

test('every word stands in the prompt, in any order and case', async () => {
  expect(await found({ search: 'test fix' })).toEqual([1])
  expect(await found({ search: 'FIX' })).toEqual([4, 1])
  expect(await found({ search: 'fix tests' })).toEqual([])
})

test('signs that a database would read are only signs', async () => {
  expect(await found({ search: '100%' })).toEqual([2])
  expect(await found({ search: 'under_' })).toEqual([3])
  expect(await found({ search: "'; DROP" })).toEqual([])
  expect(await found({ search: '!' })).toEqual([])
})

test('a number leads to its run', async () => {
  expect(await found({ search: '#2' })).toEqual([2])
  expect(await found({ search: '#99' })).toEqual([])
})

test('a page goes on below a number, whatever came meanwhile, and says whether there is more', async () => {
  const page = async (query: Record<string, string | number>) => {
    const { data, pagination } = await app.call(listRuns, { query: { limit: 2, ...query } })
    return [data.map(run => run.number), pagination.hasMore, pagination.total]
  }
  expect(await page({})).toEqual([[4, 3], true, 4])
  expect(await page({ before: 3 })).toEqual([[2, 1], false, 4])
  expect(await page({ before: 4, status: 'QUEUED' })).toEqual([[3, 2], true, 4])
  expect(await page({ before: 4, search: 'fix' })).toEqual([[1], false, 2])
  expect(await page({ before: 4, limit: 1, offset: 1 })).toEqual([[2], true, 4])
  expect(await page({ before: 1 })).toEqual([[], false, 4])
  const refused = await app.request('GET', '/api/v1/runs?before=0')
  expect([refused.status, refused.error.field]).toEqual([400, 'before'])
})

test('a folder holds what lies below it, and none that only begins alike', async () => {
  expect(await found({ folder: '/work/api' })).toEqual([2, 1])
  expect(await found({ folder: '/work/api', search: 'flaky', status: 'QUEUED' })).toEqual([1])
  expect(await found({ folder: '/wor' })).toEqual([])
})

test('a tag holds the runs of the agents that have it now, whole and as it is written', async () => {
  const agent = await app.call(createAgent, { body: { name: 'Tagged', tags: ['api', "it's"] } })
  const { number } = await app.call(executeAgent, { params: { id: agent.id }, body: { prompt: 'Mend it' } })
  expect(await found({ tag: 'api' })).toEqual([number])
  expect(await found({ tag: "it's", search: 'mend', status: 'QUEUED' })).toEqual([number])
  expect(await found({ tag: 'ap' })).toEqual([])
  await app.call(changeAgent, { params: { id: agent.id }, body: { tags: [] } })
  expect(await found({ tag: 'api' })).toEqual([])
})
