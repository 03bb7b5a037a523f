import { afterEach, describe, expect, test } from 'vitest'
import { createKey } from '#contract/people/keys'
import { claimRuns } from '#contract/runners/runner-protocol'
import { deleteRunner, listRunners } from '#contract/runners/runners'
import { cancelRun, followUpRun, getRun, launchRun, type Run, retryRun } from '#contract/runs/runs'
import { leaseMs, offlineAfterMs } from '../../server/domain/runners/leases.ts'
import { patienceMs } from '../../server/domain/runners/offers.ts'
import { testClock } from '../kit/clock.ts'
import { untilStatus } from '../kit/events.ts'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, type AppOptions, startApp } from '../kit/start-app.ts'

let app: App
afterEach(() => app.close())

async function start(options: AppOptions = {}): Promise<App> {
  app = await startApp(options)
  return app
}

const launch = (body: object = {}): Promise<Run> => app.call(launchRun, { body: { prompt: 'x', ...body } })
const read = (run: Run) => app.call(getRun, { params: { id: run.id } })
const reasonOf = async (run: Run) => (await read(run)).statusReason
const ids = async (claimed: ReturnType<RunnerClient['claim']>) => (await claimed).map(({ runId }) => runId)
/** A later request of the same client is answered: what came before waits. */
const settled = () => app.call(listRunners)

describe('a run that is not pinned', () => {
  test('keeps no runner while it waits, and is taken by the first that may', async () => {
    await start()
    await connectRunner(app, { name: 'first' })
    const run = await launch()
    expect(run).toMatchObject({ status: 'QUEUED', runnerId: null, statusReason: null })
    const second = await connectRunner(app, { name: 'second' })
    expect(await ids(second.claim())).toEqual([run.id])
    expect(await read(run)).toMatchObject({ status: 'CLAIMED', runnerId: second.runnerId })
  })

  test('goes to one that waits: three launches at once use every idle runner', async () => {
    await start()
    const runners = [await connectRunner(app), await connectRunner(app), await connectRunner(app)]
    const parked = runners.map(runner => ids(runner.claim(10, 60)))
    const taking = async () => (await app.call(listRunners)).data.length
    for (let n = 0; n < 5; n++) expect(await taking()).toBe(3)
    const runs = await Promise.all([launch(), launch(), launch()])
    expect((await Promise.all(parked)).map(taken => taken.length)).toEqual([1, 1, 1])
    expect(new Set((await Promise.all(parked)).flat())).toEqual(new Set(runs.map(({ id }) => id)))
  })

  test('is taken with all that wait where nobody else waits for them', async () => {
    await start()
    const runner = await connectRunner(app)
    const runs = [await launch(), await launch(), await launch()]
    expect(await ids(runner.claim(2))).toEqual(runs.slice(0, 2).map(({ id }) => id))
  })

  test('goes only to a runner whose folders hold its own', async () => {
    await start()
    const [a, b] = [
      await connectRunner(app, { allowedDirs: ['/a'] }),
      await connectRunner(app, { allowedDirs: ['/b'] })
    ]
    const [there, anywhere] = [await launch({ cwd: '/b/project' }), await launch()]
    expect(await ids(a.claim(10))).toEqual([anywhere.id])
    expect(await ids(b.claim(10))).toEqual([there.id])
  })

  test('goes only to a runner that has all of its labels', async () => {
    await start()
    const plain = await connectRunner(app, { labels: ['gpu'] })
    const run = await launch({ labels: ['gpu', 'region:eu'] })
    expect(run.statusReason).toBe('No connected runner has all of the labels gpu, region:eu')
    expect(await ids(plain.claim())).toEqual([])
    const right = await connectRunner(app, { labels: ['region:eu', 'gpu', 'big'] })
    expect(await ids(right.claim())).toEqual([run.id])
  })

  test('waits for the runner that is ready for its runtime; where none is, one says what is wrong', async () => {
    await start()
    const missing = await connectRunner(app, { runtimes: [report('practice', { state: 'missing' })] })
    const ready = await connectRunner(app, { runtimes: [report('practice')], capacity: 1 })
    const runs = [await launch({ runtime: 'practice' }), await launch({ runtime: 'practice' })]
    expect(await ids(missing.claim(10))).toEqual([])
    expect(await ids(ready.claim())).toEqual([runs[0]?.id])
    await ready.leave()
    expect(await ids(missing.claim(10))).toEqual([runs[1]?.id])
  })

  test('is offered to another when whoever was woken for it does not take it', async () => {
    const clock = testClock()
    await start({ clock })
    const far = await connectRunner(app, { name: 'far', capacity: 100 })
    const near = await connectRunner(app, { name: 'near' })
    const expiresAt = new Date(clock.now() + 60_000).toISOString()
    const scopes = ['runner']
    const key = await app.call(createKey, { body: { name: 'far', style: 'agentfleet', scopes, expiresAt } })
    const { runnerId, incarnation } = far
    const body = { runnerId, incarnation, free: 1, waitSeconds: 60 }
    const refused = app.request('POST', claimRuns.path, { token: key.key, body })
    const parked = ids(near.claim(1, 60))
    await settled()
    clock.advance(60_000)
    // So that neither counts as silent.
    await Promise.all([far.commands(), near.commands()])
    const run = await launch()
    expect((await refused).status).toBe(401)
    expect((await read(run)).status).toBe('QUEUED')
    clock.advance(patienceMs)
    await connectRunner(app, { name: 'wakes the scheduler', allowedDirs: [], runtimes: [], labels: [] })
    expect(await parked).toEqual([run.id])
  })

  test('is taken in the order of launching, pinned ones among them', async () => {
    await start()
    const runner = await connectRunner(app)
    const runs = [await launch(), await launch({ runnerId: runner.runnerId }), await launch()]
    expect(await ids(runner.claim(10))).toEqual(runs.map(({ id }) => id))
  })
})

describe('why a run waits', () => {
  test('follows what is missing, from no runner to no free slot', async () => {
    await start()
    const run = await launch({ cwd: '/far/away' })
    expect(run.statusReason).toBe('No runner is connected')
    await connectRunner(app, { name: 'near', allowedDirs: ['/near'] })
    expect(await reasonOf(run)).toBe('No connected runner may work in /far/away')
    const far = await connectRunner(app, { name: 'far', allowedDirs: ['/far'], capacity: 1 })
    expect(await reasonOf(run)).toBeNull()
    await far.claim()
    const next = await launch({ cwd: '/far/away' })
    expect(next.statusReason).toBe('The only slot of far is busy')
  })

  test('of a pinned one names its runner', async () => {
    await start()
    const [one] = [await connectRunner(app, { name: 'one' }), await connectRunner(app, { name: 'two' })]
    const run = await launch({ runnerId: one.runnerId })
    expect(run.statusReason).toBeNull()
    await one.leave()
    expect(await reasonOf(run)).toBe('Runner one is not connected')
  })
})

describe('a runner that is forgotten', () => {
  const identity = '6f1f2f2e-4a52-4a0c-9a5b-0d6f5f3a1c11'
  const forget = ({ runnerId }: RunnerClient) => app.call(deleteRunner, { params: { id: runnerId } })

  async function ended(runner: RunnerClient): Promise<Run> {
    const run = await launch({ cwd: '/work-here' })
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: 's', cwd: '/work-here' } })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'ok' })
    return run
  }

  test('ends what had to run there, with the reason, and leaves the others to others', async () => {
    await start()
    const [gone, other] = [await connectRunner(app, { name: 'gone' }), await connectRunner(app, { name: 'other' })]
    const [pinned, free] = [await launch({ runnerId: gone.runnerId }), await launch()]
    await gone.leave()
    await forget(gone)
    expect(await read(pinned)).toMatchObject({ status: 'FAILED', error: { code: 'RUNNER_FORGOTTEN' } })
    expect(await ids(other.claim())).toEqual([free.id])
    await expect(launch({ runnerId: gone.runnerId })).rejects.toThrow('UNKNOWN_RUNNER')
  })

  test('is not forgotten while it may still be at work', async () => {
    const clock = testClock()
    await start({ clock })
    const runner = await connectRunner(app)
    const run = await launch()
    await runner.claimOne()
    await runner.leave()
    await expect(forget(runner)).rejects.toThrow('may still be at work on 1 runs')
    await app.call(cancelRun, { params: { id: run.id } })
    clock.advance(leaseMs)
    await connectRunner(app, { name: 'wakes the scheduler' })
    await untilStatus(app, run.id, 'LOST')
    await forget(runner)
  })

  test('holds the sessions of its runs: they are continued when it is back, and retried anywhere', async () => {
    const clock = testClock()
    await start({ clock })
    const runner = await connectRunner(app, { identity })
    const run = await ended(runner)
    await runner.leave()
    await forget(runner)
    const other = await connectRunner(app, { name: 'other' })
    const go = () => app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'on' } })
    await expect(go()).rejects.toThrow('RUN_NOT_RESUMABLE')
    const retried = await app.call(retryRun, { params: { id: run.id } })
    expect(await ids(other.claim())).toEqual([retried.id])
    const back = await connectRunner(app, { identity })
    expect(back.runnerId).toBe(runner.runnerId)
    const next = await go()
    expect(await ids(other.claim())).toEqual([])
    expect(await ids(back.claim())).toEqual([next.id])
  })

  test('that is silent for long can be forgotten and is the same one again when it comes back', async () => {
    const clock = testClock()
    await start({ clock })
    const runner = await connectRunner(app, { identity })
    clock.advance(offlineAfterMs)
    await connectRunner(app, { name: 'other' })
    const names = async () => (await app.call(listRunners)).data.map(row => `${row.name} ${row.status}`)
    await expect.poll(names).toEqual(['other online', 'test runner offline'])
    await forget(runner)
    await expect(forget(runner)).rejects.toThrow('NOT_FOUND')
    expect(await names()).toEqual(['other online'])
    expect((await connectRunner(app, { identity })).runnerId).toBe(runner.runnerId)
  })
})
