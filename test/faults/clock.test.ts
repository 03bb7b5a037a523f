import { afterEach, expect, test } from 'vitest'
import { getRunner } from '#contract/runners/runners'
import { getRun, launchRun } from '#contract/runs/runs'
import { leaseMs } from '../../server/domain/runners/leases.ts'
import { type TestClock, testClock } from '../kit/clock.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { connectRunner } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
afterEach(() => app.close())

const hour = 3_600_000

async function running(clock: TestClock) {
  app = await startApp({ clock })
  const runner = await connectRunner(app)
  const run = await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  return { run, runner, assignment }
}

test('after the computer slept for an hour no run is given up before its runner had the time to come back', async () => {
  const clock = testClock()
  const { run } = await running(clock)
  clock.advance(hour)
  await connectRunner(app, { name: 'wakes the scheduler' })
  await connectRunner(app, { name: 'and again' })
  expect((await app.call(getRun, { params: { id: run.id } })).status).toBe('RUNNING')
  clock.advance(leaseMs)
  await connectRunner(app, { name: 'a lease later' })
  expect((await untilStatus(app, run.id, 'LOST')).statusReason).toBe('The runner that executed it went away')
})

test('a clock that is set back makes no negative times and loses nothing', async () => {
  const clock = testClock()
  const { run, runner, assignment } = await running(clock)
  clock.set(-hour)
  await runner.commands({ active: [assignment] })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'ok' })
  const ended = await app.call(getRun, { params: { id: run.id } })
  expect(ended).toMatchObject({ status: 'SUCCEEDED', durationMs: 0, waitedMs: 0 })
  const seqs = (await eventsOf(app, run.id)).map(event => event.seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})

test.each([
  ['back', -8 * hour],
  ['on', 8 * hour]
])('a clock that is set %s keeps no dead runner online, and none that lives from its run', async (_, by) => {
  const clock = testClock()
  const { run, runner, assignment } = await running(clock)
  const wake = () => connectRunner(app, { name: 'wakes the scheduler' })
  clock.set(by)
  await wake()
  clock.advance(leaseMs - 1000)
  await runner.commands({ active: [assignment] })
  await wake()
  expect((await app.call(getRun, { params: { id: run.id } })).status).toBe('RUNNING')
  clock.advance(leaseMs)
  await wake()
  await untilStatus(app, run.id, 'LOST')
  const status = async () => (await app.call(getRunner, { params: { id: runner.runnerId } })).status
  await expect.poll(status).toBe('offline')
})

test.each([
  ['slow', -8 * hour],
  ['fast', 8 * hour]
])('what a runner tells whose clock is %s stands in the log at the time at which it was told', async (_, off) => {
  app = await startApp()
  const runner = await connectRunner(app)
  await app.call(launchRun, { body: { prompt: 'x' } })
  const run = await runner.claimOne()
  const theirs = Date.now() + off
  const iso = (ms: number) => new Date(ms).toISOString()
  await app.request('POST', `/api/v1/runner/runs/${run.runId}/events`, {
    body: {
      runnerId: runner.runnerId,
      incarnation: runner.incarnation,
      attempt: run.attempt,
      sentAt: iso(theirs),
      items: [
        { type: 'started', n: 1, ts: iso(theirs - 2000) },
        { type: 'event', n: 2, ts: iso(theirs - 2000), kind: 'assistant', message: 'said', data: {} },
        { type: 'event', n: 3, ts: iso(theirs), kind: 'assistant', message: 'now', data: {} }
      ]
    }
  })
  const [, said, now] = (await eventsOf(app, run.runId)).map(({ ts }) => Date.parse(ts))
  expect(Math.abs((now ?? 0) - Date.now())).toBeLessThan(30_000)
  expect((now ?? 0) - (said ?? 0)).toBe(2000)
})

test('a time that no run of the log can have had is the nearest that it can', async () => {
  app = await startApp()
  const runner = await connectRunner(app)
  await app.call(launchRun, { body: { prompt: 'x' } })
  const run = await runner.claimOne()
  const before = Date.now() - 60_000
  const items = [new Date(0), new Date(Date.now() + hour)].map((ts, index) => ({
    ...{ type: 'event', n: index + 1, ts: ts.toISOString(), kind: 'assistant', message: 'x', data: {} }
  }))
  await app.request('POST', `/api/v1/runner/runs/${run.runId}/events`, {
    body: { runnerId: runner.runnerId, incarnation: runner.incarnation, attempt: run.attempt, items }
  })
  for (const { ts } of await eventsOf(app, run.runId)) {
    expect(Date.parse(ts)).toBeGreaterThan(before)
    expect(Date.parse(ts)).toBeLessThanOrEqual(Date.now())
  }
})
