import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeAgent, createAgent, listAgents, stopAgent } from '#contract/fleet/agents'
import { createTask } from '#contract/work/tasks'
import { testClock } from '../kit/clock.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const clock = testClock()
let app: App
let runner: RunnerClient
let nova = ''

beforeAll(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app)
  nova = (await app.call(createAgent, { body: { name: 'Nova' } })).id
})
afterAll(() => app.close())

const agents = '/api/v1/agents'
const tagOf = async (path: string) => (await app.request('GET', path)).headers.get('etag') ?? ''
const again = (path: string, tag: string) => app.request('GET', path, { headers: { 'if-none-match': tag } })

test('an unchanged list is not sent again', async () => {
  const tag = await tagOf(agents)
  const answer = await again(agents, tag)
  expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', tag])
})

test.each([
  ['made', () => app.call(createAgent, { body: { name: 'Rex' } })],
  ['changed', () => app.call(changeAgent, { params: { id: nova }, body: { role: 'Cook' } })],
  ['given a run', () => app.request('POST', `${agents}/${nova}/execute`, { body: { prompt: 'x' } })],
  [
    'through with its run',
    async () => {
      const [assignment] = await runner.claim()
      if (assignment) await runner.finish(assignment, 'SUCCEEDED')
    }
  ],
  ['paused', () => app.call(stopAgent, { params: { id: nova } })],
  ['the same on another day', async () => clock.advance(24 * 3_600_000)]
])('it is sent again when an agent was %s, as it is then', async (_, change) => {
  const tag = await tagOf(agents)
  const before = (await app.call(listAgents)).data
  await change()
  const answer = await again(agents, tag)
  expect(answer.status).toBe(200)
  const after = (answer.body as { data: unknown }).data
  if (_ !== 'the same on another day') expect(after).not.toEqual(before)
  expect((await app.call(listAgents)).data).toEqual(after)
})

test('what concerns other things leaves it as it is', async () => {
  const tag = await tagOf(agents)
  await app.call(createTask, { body: { title: 'T', input: 'x' } })
  expect((await again(agents, tag)).status).toBe(304)
})

test('each page and each filter is a list of its own', async () => {
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
  expect(await count({})).toEqual([2, 10, true])
  expect(await count({ offset: 8 })).toEqual([2, 10, false])
  expect(await count({ team: 'red' })).toEqual([2, 3, true])
  expect(await count({ tag: 't', offset: 6 })).toEqual([1, 7, false])
  expect(await count({ status: 'paused' })).toEqual([1, 1, false])
  expect(await count({ status: 'degraded' })).toEqual([1, 1, false])
  expect(await count({ status: 'idle', offset: 7 })).toEqual([1, 8, false])
  expect(await count({ status: 'archived' })).toEqual([0, 0, false])
})

test('a restart makes every list worth asking for again', async () => {
  const tag = await tagOf(agents)
  await app.restart()
  expect((await again(agents, tag)).status).toBe(200)
})
