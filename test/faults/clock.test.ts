import { afterEach, expect, test } from 'vitest'
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
  clock.advance(-hour)
  await runner.commands({ active: [assignment] })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'ok' })
  const ended = await app.call(getRun, { params: { id: run.id } })
  expect(ended).toMatchObject({ status: 'SUCCEEDED', durationMs: 0, waitedMs: 0 })
  const seqs = (await eventsOf(app, run.id)).map(event => event.seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})
