import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeAgent, createAgent, listAgents, stopAgent } from '#contract/fleet/agents'
import { createTask } from '#contract/work/tasks'
import { type TestClock, testClock } from '../kit/clock.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

let clock: TestClock
let app: App
let runner: RunnerClient
let nova = ''

beforeEach(async () => {
  clock = testClock()
  app = await startApp({ clock })
  runner = await connectRunner(app)
  nova = (await app.call(createAgent, { body: { name: 'Nova' } })).id
})
afterEach(() => app.close())

const agents = '/api/v1/agents'
const tagOf = async (path: string) => (await app.request('GET', path)).headers.get('etag') ?? ''
const again = (path: string, tag: string) => app.request('GET', path, { headers: { 'if-none-match': tag } })

test('an unchanged list is not sent again', async () => {
  const tag = await tagOf(agents)
  const answer = await again(agents, tag)
  expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', tag])
})

const nothing = async () => {}
const execute = () => app.request('POST', `${agents}/${nova}/execute`, { body: { prompt: 'x' } })

test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
  ['made', nothing, () => app.call(createAgent, { body: { name: 'Rex' } })],
  ['changed', nothing, () => app.call(changeAgent, { params: { id: nova }, body: { role: 'Cook' } })],
  ['given a run', nothing, execute],
  ['through with its run', execute, async () => runner.finish(await runner.claimOne(), 'SUCCEEDED')],
  ['paused', nothing, () => app.call(stopAgent, { params: { id: nova } })]
])('it is sent again when an agent was %s, as it is then', async (_, prepare, change) => {
  await prepare()
  const tag = await tagOf(agents)
  const before = (await app.call(listAgents)).data
  await change()
  const answer = await again(agents, tag)
  expect(answer.status).toBe(200)
  const after = (answer.body as { data: unknown }).data
  expect(after).not.toEqual(before)
  expect((await app.call(listAgents)).data).toEqual(after)
})

test('it is sent again on another day', async () => {
  const tag = await tagOf(agents)
  clock.advance(24 * 3_600_000)
  expect((await again(agents, tag)).status).toBe(200)
})

test('what concerns other things leaves it as it is', async () => {
  const tag = await tagOf(agents)
  await app.call(createTask, { body: { title: 'T', input: 'x' } })
  expect((await again(agents, tag)).status).toBe(304)
})

test('each page and each filter is a list of its own', async () => {
  await app.call(createAgent, { body: { name: 'Rex' } })
  const pages = await Promise.all(
    ['?limit=1', '?limit=1&offset=1', '?status=paused', ''].map(query => app.request('GET', agents + query))
  )
  expect(new Set(pages.map(page => page.text)).size).toBe(4)
})

test('totals hold for every filter', async () => {
  for (let n = 0; n < 7; n++)
    await app.call(createAgent, { body: { name: `Agent ${n}`, team: n < 3 ? 'red' : 'blue', tags: ['t'] } })
  const count = async (query: Record<string, string | number>) => {
    const { data, pagination } = await app.call(listAgents, { query: { limit: 2, ...query } })
    return [data.length, pagination.total, pagination.hasMore]
  }
  const busy = (await app.call(createAgent, { body: { name: 'Bad luck', provider: 'anthropic' } })).id
  for (let n = 0; n < 3; n++) await work(app, runner, busy, { outcome: 'FAILED' })
  await app.call(stopAgent, { params: { id: nova } })
  expect(await count({})).toEqual([2, 9, true])
  expect(await count({ offset: 7 })).toEqual([2, 9, false])
  expect(await count({ team: 'red' })).toEqual([2, 3, true])
  expect(await count({ tag: 't', offset: 6 })).toEqual([1, 7, false])
  expect(await count({ status: 'paused' })).toEqual([1, 1, false])
  expect(await count({ status: 'degraded' })).toEqual([1, 1, false])
  expect(await count({ status: 'idle', offset: 6 })).toEqual([1, 7, false])
  expect(await count({ status: 'archived' })).toEqual([0, 0, false])
})

test('a restart makes every list worth asking for again', async () => {
  const tag = await tagOf(agents)
  await app.restart()
  expect((await again(agents, tag)).status).toBe(200)
})
