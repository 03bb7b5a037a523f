import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { listRunners, type Runner } from '#contract/runners/runners'
import { cancelRun, followUpRun, getRun, launchRun, type Run } from '#contract/runs/runs'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from '../../server/config.ts'
import { leaseMs } from '../../server/domain/runners/leases.ts'
import { findInstance } from '../../server/runner/life/single-instance.ts'
import { testClock } from '../kit/clock.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { agentsOf, runnerOf, send } from '../kit/processes.ts'
import { connectRunner, type RunnerClient, type RunnerClientOptions } from '../kit/runner-client.ts'
import { type App, type AppOptions, startApp, temporaryFolder } from '../kit/start-app.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: AppOptions = {}): Promise<App> {
  const app = await startApp(options)
  closing.push(() => app.close())
  return app
}

const launch = (app: App, body: Record<string, unknown> = {}): Promise<Run> =>
  app.call(launchRun, { body: { prompt: 'x', ...body } })
const read = (app: App, id: string) => app.call(getRun, { params: { id } })
const runners = async (app: App): Promise<Runner[]> => (await app.call(listRunners)).data

/** Ends it in a session that can be continued. */
const session = { type: 'facts', facts: { sessionId: 'the session' } } as const

describe('a runner that says goodbye', () => {
  test('is offline at once, its late calls are refused, and what waited for it goes to another', async () => {
    const app = await start()
    const [leaver, other] = [await connectRunner(app, { name: 'leaver' }), await connectRunner(app, { name: 'other' })]
    const run = await launch(app)
    await leaver.leave()
    expect((await runners(app)).map(({ name, status }) => [name, status])).toEqual([
      ['other', 'online'],
      ['leaver', 'offline']
    ])
    await expect(leaver.commands()).rejects.toThrow('RUNNER_REPLACED')
    expect((await other.claim()).map(({ runId }) => runId)).toEqual([run.id])
  })

  test('while it still held a run leaves it to its lease', async () => {
    const app = await start()
    const runner = await connectRunner(app)
    const run = await launch(app)
    await runner.claim()
    await runner.leave()
    expect((await read(app, run.id)).status).toBe('CLAIMED')
  })
})

describe('a runner that drains', () => {
  const home = randomUUID()

  /** An old process that executes a run, and now goes on under another identity. */
  async function draining(app: App, more: RunnerClientOptions = {}) {
    const old = await connectRunner(app, { identity: home, name: 'home' })
    const run = await launch(app)
    const assignment = await old.claimOne()
    await old.send(assignment, { type: 'started' }, session)
    const identity = randomUUID()
    const drain = () => connectRunner(app, { identity, drains: home, name: 'home', ...more }, [assignment])
    return { old, run, assignment, drain, identity }
  }

  async function end(runner: RunnerClient, assignment: Assignment): Promise<void> {
    await runner.finish(assignment, 'SUCCEEDED', { result: 'done' })
  }

  test('keeps what it executes while a new process takes its place under the old identity', async () => {
    const app = await start()
    const { run, assignment, drain, old } = await draining(app)
    const drained = await drain()
    expect(drained.registration.resume).toMatchObject([{ runId: run.id, acked: 2 }])
    await expect(old.claim()).rejects.toThrow('RUNNER_REPLACED')
    const fresh = await connectRunner(app, { identity: home, name: 'home' })
    expect(fresh.runnerId).toBe(old.runnerId)
    expect(await read(app, run.id)).toMatchObject({ status: 'RUNNING', runnerId: drained.runnerId })
    expect((await runners(app)).map(runner => [runner.id, runner.draining]).sort()).toEqual(
      [
        [drained.runnerId, true],
        [fresh.runnerId, false]
      ].sort()
    )
    await end(drained, assignment)
    expect(await read(app, run.id)).toMatchObject({ status: 'SUCCEEDED', runnerId: fresh.runnerId })
  })

  test('gets no new run, not even one that names it; follow-ups go to the new process', async () => {
    const app = await start()
    const { run, assignment, drain } = await draining(app)
    const drained = await drain()
    const fresh = await connectRunner(app, { identity: home, name: 'home' })
    const named = await launch(app, { runnerId: drained.runnerId })
    const unnamed = await launch(app)
    await end(drained, assignment)
    const next = await app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'on' } })
    expect((await fresh.claim(10)).map(({ runId }) => runId)).toEqual([named.id, unnamed.id, next.id])
  })

  test('has gone without a trace when it left', async () => {
    const app = await start()
    const { assignment, drain, old } = await draining(app)
    const drained = await drain()
    await connectRunner(app, { identity: home, name: 'home' })
    await end(drained, assignment)
    await drained.leave()
    expect((await runners(app)).map(({ id }) => id)).toEqual([old.runnerId])
  })

  test('is told what it was told before: a cancellation under way goes with the run', async () => {
    const app = await start()
    const { run, drain } = await draining(app)
    await app.call(cancelRun, { params: { id: run.id } })
    const drained = await drain()
    expect(await drained.commands()).toMatchObject([{ type: 'cancel', runId: run.id }])
    const fresh = await connectRunner(app, { identity: home, name: 'home' })
    expect(await fresh.commands()).toEqual([])
  })

  test('comes back as itself after a restart of the control plane', async () => {
    const app = await start()
    const { run, assignment, drain } = await draining(app)
    const before = await drain()
    const fresh = await connectRunner(app, { identity: home, name: 'home' })
    await app.restart()
    await connectRunner(app, { identity: home, name: 'home' })
    const after = await drain()
    expect(after.runnerId).toBe(before.runnerId)
    expect(after.registration.resume).toMatchObject([{ runId: run.id }])
    await end(after, assignment)
    expect((await read(app, run.id)).runnerId).toBe(fresh.runnerId)
  })

  test('a run that it was being given is taken by the new process', async () => {
    const app = await start()
    const { drain, old } = await draining(app)
    const unseen = await launch(app)
    expect(await old.claim()).toHaveLength(1)
    await drain()
    const fresh = await connectRunner(app, { identity: home, name: 'home' })
    expect(await fresh.claim()).toMatchObject([{ runId: unseen.id, attempt: 2 }])
  })

  test('and is not heard of any more has lost its runs, disappears, and comes back with the truth', async () => {
    const clock = testClock()
    const app = await start({ clock })
    const { run, assignment, drain, old } = await draining(app)
    await drain()
    clock.advance(leaseMs)
    await connectRunner(app, { identity: home, name: 'home' })
    await untilStatus(app, run.id, 'LOST')
    await expect.poll(async () => (await runners(app)).map(({ id }) => id)).toEqual([old.runnerId])
    const again = await drain()
    expect(again.registration.resume).toMatchObject([{ runId: run.id }])
    await end(again, assignment)
    expect(await read(app, run.id)).toMatchObject({ status: 'SUCCEEDED', runnerId: old.runnerId })
    await again.leave()
    expect(await runners(app)).toHaveLength(1)
  })

  test('whoever does not know the identity gets nothing of it', async () => {
    const app = await start()
    const { run, assignment } = await draining(app)
    const thief = await connectRunner(app, { drains: randomUUID() }, [assignment])
    expect(thief.registration).toMatchObject({ resume: [], abandon: [run.id] })
  })
})

test('the news that a run is lost ends it once and for good', async () => {
  const app = await start()
  const runner = await connectRunner(app)
  const run = await launch(app)
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  const error = { code: 'LOST', message: 'The runner was killed' }
  await runner.finish(assignment, 'LOST', { error })
  // Told again because the answer got lost, and a poll that was under way.
  await expect(runner.finish(assignment, 'LOST', { error })).rejects.toThrow('NOT_HELD')
  await runner.commands({ active: [assignment] })
  expect(await read(app, run.id)).toMatchObject({ status: 'LOST', error, statusReason: 'The runner was killed' })
  expect((await eventsOf(app, run.id)).filter(({ kind }) => kind === 'error')).toHaveLength(1)
})

describe('with another version', () => {
  const built = join(import.meta.dirname, '../../out/runner/agentfleet-runner.mjs')
  let folder: string
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** The built runner under another version, as an older or newer package has it. */
  function version(number: string): Partial<Config> {
    const runnerFile = join(folder, `runner-${number}.mjs`)
    const code = readFileSync(built, 'utf8').replaceAll(`"${packageJson.version}"`, `"${number}"`)
    writeFileSync(runnerFile, code)
    return { version: number, runnerFile }
  }

  async function startVersion(number: string): Promise<{ app: App; become(number: string): Promise<void> }> {
    const options = { runner: true, allowedDirs: [folder], config: version(number), env: {} }
    const app = await startApp(options)
    closing.push(() => app.close())
    await online(app, [number])
    return {
      app,
      async become(next) {
        options.config = version(next)
        await app.restart()
      }
    }
  }

  async function online(app: App, versions: string[]): Promise<void> {
    const found = async () => {
      const all = await runners(app)
      return all.filter(({ status }) => status === 'online').map(runner => runner.version)
    }
    await expect.poll(async () => (await found()).sort()).toEqual(versions)
  }

  const waiting = `until [ -e gate ]; do sleep 0.05; done; echo "the gate is open"`
  const launchWaiting = (app: App) => launchCommand(app, waiting)
  const launchCommand = (app: App, script: string) =>
    launch(app, { cwd: folder, runtime: 'command', command: { program: 'sh', args: ['-c', script], output: 'lines' } })
  const openGate = () => writeFileSync(join(folder, 'gate'), '')
  const isAlive = (pid: number) => send(pid, 0 as unknown as NodeJS.Signals)

  test('one that has nothing to finish any more leaves at once', async () => {
    const { app, become } = await startVersion('1.0.0')
    const [before] = await runners(app)
    const old = (await runnerOf(app.dataDir)) ?? 0
    const run = await launchWaiting(app)
    await untilStatus(app, run.id, 'RUNNING')
    await become('2.0.0')
    await online(app, ['1.0.0', '2.0.0'])
    openGate()
    await online(app, ['2.0.0'])
    await expect.poll(() => isAlive(old)).toBe(false)
    expect((await runners(app)).map(({ id }) => id)).toEqual([before?.id])
  })

  test('an old runner finishes what it has while the new one works beside it; then it is gone', async () => {
    const { app, become } = await startVersion('1.0.0')
    const [before] = await runners(app)
    const run = await launchWaiting(app)
    await untilStatus(app, run.id, 'RUNNING')
    await become('2.0.0')
    await online(app, ['1.0.0', '2.0.0'])
    expect(await findInstance(app.dataDir)).toMatchObject({ version: '2.0.0' })
    const quick = await launchCommand(app, 'echo quick')
    expect(await untilStatus(app, quick.id, 'SUCCEEDED')).toMatchObject({ runnerId: before?.id })
    expect((await read(app, run.id)).status).toBe('RUNNING')
    openGate()
    expect(await untilStatus(app, run.id, 'SUCCEEDED')).toMatchObject({ result: 'the gate is open' })
    await online(app, ['2.0.0'])
    expect(await runners(app)).toHaveLength(1)
    expect((await read(app, run.id)).runnerId).toBe(before?.id)
    await expect.poll(() => readdirSync(join(app.dataDir, 'spool'))).toHaveLength(1)
  })

  test('two old ones finish at a time, each its own', async () => {
    const { app, become } = await startVersion('1.0.0')
    const first = await launchWaiting(app)
    await untilStatus(app, first.id, 'RUNNING')
    await become('2.0.0')
    await online(app, ['1.0.0', '2.0.0'])
    const second = await launchWaiting(app)
    await untilStatus(app, second.id, 'RUNNING')
    await become('3.0.0')
    await online(app, ['1.0.0', '2.0.0', '3.0.0'])
    openGate()
    for (const { id } of [first, second])
      expect(await untilStatus(app, id, 'SUCCEEDED')).toMatchObject({ result: 'the gate is open' })
    await online(app, ['3.0.0'])
  })

  test('an old one that is killed while it drains: its agents end, its runs say so, nothing of it is left', async () => {
    const { app, become } = await startVersion('1.0.0')
    const old = (await runnerOf(app.dataDir)) ?? 0
    const run = await launchWaiting(app)
    await untilStatus(app, run.id, 'RUNNING')
    await become('2.0.0')
    await online(app, ['1.0.0', '2.0.0'])
    send(old, 'SIGKILL')
    expect(await untilStatus(app, run.id, 'LOST')).toMatchObject({ statusReason: expect.stringMatching(/runner/) })
    expect(await agentsOf(run.id)).toEqual([])
    await expect.poll(async () => (await runners(app)).map(runner => runner.version)).toEqual(['2.0.0'])
    await expect.poll(() => readdirSync(join(app.dataDir, 'spool'))).toHaveLength(1)
  })

  test('an idle one leaves at once, though it has not heard of the new control plane yet', async () => {
    const dataDir = join(folder, 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    writeFileSync(join(dataDir, 'runner-settings.json'), JSON.stringify({ allowedDirs: [folder] }))
    const { runnerFile = '' } = version('1.0.0')
    const old = spawn(process.execPath, [runnerFile, '--data-dir', dataDir], { stdio: 'ignore' })
    closing.push(() => void old.kill('SIGKILL'))
    const left = once(old, 'exit')
    await expect.poll(() => runnerOf(dataDir)).toBe(old.pid)
    const app = await start({ runner: true, dataDir, config: version('2.0.0') })
    await left
    await online(app, ['2.0.0'])
    expect(await runners(app)).toHaveLength(1)
  })

  test('one of the same version is taken on as it is', async () => {
    const { app, become } = await startVersion('1.0.0')
    const pid = await runnerOf(app.dataDir)
    const run = await launchWaiting(app)
    await untilStatus(app, run.id, 'RUNNING')
    await become('1.0.0')
    // It takes new runs, though the control plane before told it to leave.
    const next = await launchCommand(app, 'echo quick')
    await untilStatus(app, next.id, 'SUCCEEDED')
    openGate()
    await untilStatus(app, run.id, 'SUCCEEDED')
    expect(await runnerOf(app.dataDir)).toBe(pid)
  })
})
