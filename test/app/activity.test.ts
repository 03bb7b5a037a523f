import { afterEach, beforeEach, expect, test } from 'vitest'
import { getActivity } from '#contract/fleet/activity'
import { type Agent, createAgent, executeAgent } from '#contract/fleet/agents'
import { type TestClock, testClock } from '../kit/clock.ts'
import { join } from '../kit/people.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const minute = 60_000

let clock: TestClock
let app: App
let runner: RunnerClient

beforeEach(async () => {
  clock = testClock(Date.parse('2026-03-10T12:30:00Z'))
  app = await startApp({ clock })
  runner = await connectRunner(app, { capacity: 10 })
})
afterEach(() => app.close())

async function start({ id }: Agent) {
  await app.call(executeAgent, { params: { id }, body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  return assignment
}

async function minutesOf(agent: Agent, token?: string): Promise<number[] | undefined> {
  const { data } = await app.call(getActivity, {}, token)
  return data.find(one => one.agentId === agent.id)?.busyMs.map(ms => ms / minute)
}

test('runs count in the hours in which they went on, one that goes on up to now, and two at once twice', async () => {
  const agent = await app.call(createAgent, { body: { name: 'Nova' } })
  const other = await app.call(createAgent, { body: { name: 'Rex' } })
  const run = await start(agent)
  clock.advance(40 * minute)
  expect(await minutesOf(agent)).toEqual([...Array(10).fill(0), 30, 10])
  await runner.finish(run, 'SUCCEEDED')
  const again = await start(agent)
  await start(agent)
  clock.advance(5 * minute)
  await runner.finish(again, 'FAILED', { error: { code: 'MODEL_ERROR', message: 'no' } })
  expect(await minutesOf(agent)).toEqual([...Array(10).fill(0), 30, 20])
  expect(await minutesOf(other)).toBeUndefined()
  expect(await app.call(getActivity)).toMatchObject({
    from: '2026-03-10T02:00:00.000Z',
    at: '2026-03-10T13:15:00.000Z'
  })
})

test('what is older than twelve hours is gone, and a run that waits for its slot is not busy', async () => {
  const agent = await app.call(createAgent, { body: { name: 'Nova' } })
  const run = await start(agent)
  clock.advance(2 * minute)
  await runner.finish(run, 'SUCCEEDED')
  clock.advance(11 * 60 * minute)
  expect(await minutesOf(agent)).toEqual([2, ...Array(11).fill(0)])
  await app.call(executeAgent, { params: { id: agent.id }, body: { prompt: 'queued' } })
  clock.advance(60 * minute)
  expect(await minutesOf(agent)).toBeUndefined()
})

test('what others did is not told', async () => {
  const ada = await join(app, 'member')
  const eve = await join(app, 'member')
  const agent = await app.call(createAgent, { body: { name: 'Hers' } }, ada.token)
  await start(agent)
  clock.advance(minute)
  expect([await minutesOf(agent, ada.token), await minutesOf(agent, eve.token)]).toEqual([
    [...Array(11).fill(0), 1],
    undefined
  ])
})
