import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { claimRuns, maxParkSeconds, pollCommands } from '#contract/runners/runner-protocol'
import { deleteRunner, getRunner, listRunners, refreshRuntimes } from '#contract/runners/runners'
import { listApprovals } from '#contract/runs/approvals'
import { cancelRun, followUpRun, getRun, launchRun, type Run } from '#contract/runs/runs'
import { leaseMs, offlineAfterMs } from '../../server/domain/runners/leases.ts'
import { testClock } from '../kit/clock.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { connectRunner, type Draft, report } from '../kit/runner-client.ts'
import { type App, type AppOptions, startApp } from '../kit/start-app.ts'

let open: App[] = []

async function start(options: AppOptions = {}): Promise<App> {
  const app = await startApp(options)
  open.push(app)
  return app
}

afterEach(async () => {
  await Promise.all(open.map(app => app.close()))
  open = []
})

const launch = (app: App, body: Record<string, unknown> = {}): Promise<Run> =>
  app.call(launchRun, { body: { prompt: 'x', ...body } })
const read = (app: App, id: string) => app.call(getRun, { params: { id } })
const say = (message: string): Draft => ({ type: 'event', kind: 'assistant', message, data: {} })
const asking: Draft = {
  type: 'approval',
  key: 'k',
  kind: 'tool',
  tool: 'Bash',
  toolUseId: null,
  title: 'wants to run a command',
  subject: 'ls',
  input: {},
  reason: null
}

describe('claiming', () => {
  test('many at once never take a run twice', async () => {
    const app = await start()
    const runner = await connectRunner(app, { capacity: 50 })
    for (let n = 0; n < 10; n++) await launch(app)
    const taken = (await Promise.all(Array.from({ length: 20 }, () => runner.claim()))).flat()
    expect(new Set(taken.map(assignment => assignment.runId)).size).toBe(10)
    expect(taken).toHaveLength(10)
  })

  test('a parked claim is answered when a run is launched', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const parked = runner.claim(1, 30)
    const run = await launch(app)
    expect((await parked)[0]?.runId).toBe(run.id)
  })

  test('runs wait for a runner, say so, and go to the first that comes', async () => {
    const app = await start()
    const run = await launch(app)
    expect(run).toMatchObject({ status: 'QUEUED', runnerId: null, statusReason: 'No runner is connected' })
    const runner = await connectRunner(app)
    expect((await runner.claim())[0]?.runId).toBe(run.id)
  })

  test('a cancellation that overtakes the run on its way is told again when it starts', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const run = await launch(app)
    const assignment = await runner.claimOne()
    await app.call(cancelRun, { params: { id: run.id } })
    const overtaking = await runner.commands()
    expect(overtaking).toMatchObject([{ type: 'cancel', runId: run.id }])
    await runner.send(assignment, { type: 'started' })
    const after = overtaking.at(-1)?.id ?? 0
    expect(await runner.commands({ after, active: [assignment] })).toMatchObject([{ type: 'cancel', runId: run.id }])
  })

  test('what a killed process had started is lost, also when it could not tell that it had', async () => {
    const app = await start()
    const identity = randomUUID()
    const runner = await connectRunner(app, { identity })
    const run = await launch(app)
    const assignment = await runner.claimOne()
    await connectRunner(app, { identity, died: [assignment] })
    expect(await read(app, run.id)).toMatchObject({ status: 'LOST', error: { code: 'LOST' } })
  })
})

describe('items', () => {
  test('sent again they are stored once', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const run = await launch(app)
    const [assignment] = await runner.claim()
    const body = {
      runnerId: runner.runnerId,
      incarnation: runner.incarnation,
      attempt: assignment?.attempt,
      items: ['a', 'b'].map((message, index) => ({ ...say(message), n: index + 1, ts: new Date().toISOString() }))
    }
    const path = `/api/v1/runner/runs/${run.id}/events`
    for (let n = 0; n < 3; n++) expect((await app.request('POST', path, { body })).body).toEqual({ acked: 2 })
    expect((await eventsOf(app, run.id)).map(event => event.message)).toEqual(['x', 'a', 'b'])
  })

  test('with a gap they are refused, with the number of the last one stored, and nothing is kept', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const run = await launch(app)
    const [assignment] = await runner.claim()
    const items = [1, 2, 4].map(n => ({ ...say(`item ${n}`), n, ts: new Date().toISOString() }))
    const { status, error } = await app.request('POST', `/api/v1/runner/runs/${run.id}/events`, {
      body: { runnerId: runner.runnerId, incarnation: runner.incarnation, attempt: assignment?.attempt, items }
    })
    expect([status, error.code, error.details]).toEqual([409, 'EVENT_GAP', { acked: 0 }])
    expect(await eventsOf(app, run.id)).toHaveLength(1)
  })

  test('of a run that another attempt or runner holds they are refused', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const other = await connectRunner(app)
    await launch(app, { runnerId: runner.runnerId })
    const assignment = await runner.claimOne()
    await expect(other.send(assignment, say('mine'))).rejects.toThrow('NOT_HELD')
    await expect(runner.send({ ...assignment, attempt: 7 }, say('old'))).rejects.toThrow('NOT_HELD')
  })

  test('finishing twice, because the answer was lost, ends the run once', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const run = await launch(app)
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'ok' })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'ok' })
    expect((await eventsOf(app, run.id)).filter(event => event.kind === 'result')).toHaveLength(1)
  })
})

describe('a runner process', () => {
  test('that registers again under its identity shuts the older one out', async () => {
    const app = await start()
    const identity = randomUUID()
    const older = await connectRunner(app, { identity })
    const newer = await connectRunner(app, { identity })
    expect(newer.runnerId).toBe(older.runnerId)
    await expect(older.claim()).rejects.toThrow('RUNNER_REPLACED')
    expect((await app.call(listRunners)).data).toHaveLength(1)
  })

  test('that comes back goes on where it was', async () => {
    const app = await start()
    const identity = randomUUID()
    const before = await connectRunner(app, { identity })
    const run = await launch(app)
    const assignment = await before.claimOne()
    await before.send(assignment, { type: 'started' }, say('one'))
    const after = await connectRunner(app, { identity }, [assignment])
    expect(after.registration.resume).toEqual([{ runId: run.id, attempt: 1, acked: 2 }])
    expect((await read(app, run.id)).status).toBe('RUNNING')
  })

  test('that comes back without a run has lost it; what had not started is queued again', async () => {
    const app = await start()
    const identity = randomUUID()
    const before = await connectRunner(app, { identity })
    const started = await launch(app)
    const claimed = await launch(app)
    const [first] = await before.claim(2)
    if (!first) throw new Error('nothing to claim')
    await before.send(first, { type: 'started' }, asking)
    const after = await connectRunner(app, { identity }, [])
    expect(await read(app, started.id)).toMatchObject({ status: 'LOST', error: { code: 'LOST' } })
    expect((await app.call(listApprovals, { query: { status: 'pending' } })).data).toEqual([])
    expect((await after.claim()).map(({ runId, attempt }) => ({ runId, attempt }))).toEqual([
      { runId: claimed.id, attempt: 2 }
    ])
  })

  test('is not told to hold on to a run that ended meanwhile', async () => {
    const app = await start()
    const identity = randomUUID()
    const before = await connectRunner(app, { identity })
    const run = await launch(app)
    const assignment = await before.claimOne()
    await before.send(assignment, { type: 'started' })
    await connectRunner(app, { identity }, [])
    const again = await connectRunner(app, { identity }, [assignment, { runId: 'unknown', attempt: 1 }])
    // LOST without a successor: it may go on after all.
    expect(again.registration.resume.map(held => held.runId)).toEqual([run.id])
    expect(again.registration.abandon).toEqual(['unknown'])
    expect((await read(app, run.id)).status).toBe('RUNNING')
  })

  test('that is connected cannot be forgotten, one that left can', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const runner = await connectRunner(app)
    const path = { params: { id: runner.runnerId } }
    await expect(app.call(deleteRunner, path)).rejects.toThrow('LIMIT_REACHED')
    clock.advance(offlineAfterMs)
    await connectRunner(app, { name: 'other' })
    const offline = async () => (await app.call(listRunners)).data.some(row => row.status === 'offline')
    await expect.poll(offline).toBe(true)
    await app.call(deleteRunner, path)
    expect((await app.call(listRunners)).data.map(row => row.name)).toEqual(['other'])
  })
})

describe('a runner with nothing to do', () => {
  test('is online as long as its call waits, without another word', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const runner = await connectRunner(app)
    const connection = new AbortController()
    const { runnerId, incarnation } = runner
    clock.advance(1000)
    const parked = fetch(`${app.url}${pollCommands.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.ownerToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ runnerId, incarnation, after: 0, active: [], waitSeconds: maxParkSeconds }),
      signal: connection.signal
    }).catch(() => 'gone')
    const status = async () => (await app.call(getRunner, { params: { id: runnerId } })).status
    // Its word was heard, so what is answered after this finds its call waiting.
    const heard = async () => (await app.call(getRunner, { params: { id: runnerId } })).lastHeartbeatAt
    await expect.poll(heard).toBe(new Date(clock.now()).toISOString())
    await status()
    // Duties are looked at with each registration, so each of these could take it for gone.
    for (let n = 0; n < 3; n++) {
      clock.advance(offlineAfterMs)
      await connectRunner(app, { name: `other ${n}` })
    }
    expect(await status()).toBe('online')
    connection.abort()
    expect(await parked).toBe('gone')
    await expect
      .poll(async () => {
        clock.advance(offlineAfterMs)
        await connectRunner(app, { name: 'one more' })
        return status()
      })
      .toBe('offline')
  })

  test('writes nothing by its polls', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const store = new Database(join(app.dataDir, 'flotilla.db'), { readonly: true })
    const version = () => store.pragma('data_version', { simple: true })
    const before = version()
    for (let n = 0; n < 3; n++) {
      await runner.commands()
      await runner.claim()
    }
    expect(version()).toBe(before)
    await app.call(refreshRuntimes, { params: { id: runner.runnerId } })
    expect(version()).not.toBe(before)
    store.close()
  })
})

describe('a lease', () => {
  test('that ran out makes the run LOST, with the reason; what comes later revives it', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const runner = await connectRunner(app)
    const run = await launch(app)
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' }, asking)
    clock.advance(leaseMs)
    await connectRunner(app, { name: 'other' })
    const lost = await untilStatus(app, run.id, 'LOST')
    expect(lost.statusReason).toBe('The runner that executed it went away')
    await runner.send(assignment, say('still here'))
    expect(await read(app, run.id)).toMatchObject({ status: 'WAITING', error: null, endedAt: null })
    const pending = await app.call(listApprovals, { query: { status: 'pending' } })
    expect(pending.data).toHaveLength(1)
    const seqs = (await eventsOf(app, run.id)).map(event => event.seq)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  })

  test('that ran out before the start was told makes the run LOST, too: it may run, and must not run twice', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const runner = await connectRunner(app)
    const run = await launch(app)
    const assignment = await runner.claimOne()
    clock.advance(leaseMs)
    await connectRunner(app, { name: 'other' })
    await untilStatus(app, run.id, 'LOST')
    expect(await runner.claim()).toEqual([])
    await runner.send(assignment, { type: 'started' }, say('it ran all the time'))
    expect(await read(app, run.id)).toMatchObject({ status: 'RUNNING', startedAt: expect.any(String) })
    await runner.finish(assignment, 'SUCCEEDED')
    expect((await read(app, run.id)).status).toBe('SUCCEEDED')
  })

  test('after a successor was launched a lost run stays lost, keeps its late events and is told to stop', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const runner = await connectRunner(app)
    const run = await launch(app)
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: 's' } })
    clock.advance(leaseMs)
    await connectRunner(app, { name: 'other' })
    await untilStatus(app, run.id, 'LOST')
    await app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'again' } })
    await runner.send(assignment, say('too late'))
    expect(await read(app, run.id)).toMatchObject({ status: 'LOST' })
    expect((await eventsOf(app, run.id)).at(-1)?.message).toBe('too late')
    expect(await runner.commands()).toContainEqual(
      expect.objectContaining({ type: 'cancel', runId: run.id, now: true })
    )
  })

  test('is renewed by the command poll', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const runner = await connectRunner(app)
    const run = await launch(app)
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' })
    for (let n = 0; n < 3; n++) {
      clock.advance(leaseMs - 1000)
      await runner.commands({ active: [assignment] })
    }
    await connectRunner(app, { name: 'other' })
    expect((await read(app, run.id)).status).toBe('RUNNING')
  })

  test('what waited for a runner that left goes to another', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const gone = await connectRunner(app, { name: 'gone' })
    const run = await launch(app)
    const other = await connectRunner(app, { name: 'other', runtimes: [report('claude-code', { state: 'missing' })] })
    // Only the one that is gone was ready for it.
    expect(await other.claim()).toEqual([])
    const parked = other.claim(1, 30)
    clock.advance(offlineAfterMs)
    await connectRunner(app, { name: 'wakes the scheduler', allowedDirs: [], runtimes: [] })
    expect((await parked)[0]?.runId).toBe(run.id)
    expect(await read(app, run.id)).toMatchObject({ status: 'CLAIMED', runnerId: other.runnerId })
    expect(gone.runnerId).not.toBe(other.runnerId)
  })
})

test('after a restart of the control plane runs go on with their runner', async () => {
  const app = await start()
  const identity = randomUUID()
  const before = await connectRunner(app, { identity })
  const run = await launch(app)
  const assignment = await before.claimOne()
  await before.send(assignment, { type: 'started' }, say('before'))
  await app.restart()
  const after = await connectRunner(app, { identity }, [assignment])
  expect(after.registration.resume).toEqual([{ runId: run.id, attempt: 1, acked: 2 }])
  expect((await eventsOf(app, run.id)).map(event => event.message)).toEqual(['x', 'before'])
})

test('a stopping control plane answers parked calls', async () => {
  const app = await startApp()
  const runner = await connectRunner(app)
  const body = { runnerId: runner.runnerId, incarnation: runner.incarnation, free: 1, waitSeconds: 30 }
  const claim = app.request('POST', claimRuns.path, { body })
  const commands = app.request('POST', '/api/v1/runner/commands', {
    body: { runnerId: runner.runnerId, incarnation: runner.incarnation, after: 0, active: [], waitSeconds: 30 }
  })
  // Both are parked once a later request of the same client was answered.
  await app.call(listRunners)
  await app.close()
  expect((await claim).error.code).toBe('SHUTTING_DOWN')
  expect((await commands).body).toMatchObject({ leave: 'when-idle' })
})
