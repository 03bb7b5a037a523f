import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { approve, listApprovals } from '#contract/runs/approvals'
import type { RunEvent } from '#contract/runs/events'
import { cancelRun, endedStatuses, getRun, isEnded, launchRun, type Run } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { agentsOf, runnerOf, send } from '../kit/processes.ts'
import { temporaryFolder } from '../kit/start-app.ts'

let folder: string
let living: Headless
const launched: string[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  const { dataDir } = living.app
  const runner = await runnerOf(dataDir)
  await living.kill('SIGKILL')
  if (runner !== null) send(runner, 'SIGKILL')
  for (const id of launched.splice(0)) for (const pid of await agentsOf(id)) send(pid, 'SIGKILL')
  for (const dir of [dataDir, folder]) rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

const inTime = { timeout: 30_000, interval: 50 }

async function start(...args: string[]): Promise<Headless> {
  living = await startHeadless({ args: ['--allowed-dirs', folder, ...args] })
  if (!args.includes('--no-runner')) await runnerIsThere()
  return living
}

async function startAgain(...args: string[]): Promise<void> {
  living = await startHeadless({ dataDir: living.app.dataDir, args: ['--allowed-dirs', folder, ...args] })
}

async function runnerIsThere(): Promise<void> {
  const statuses = async () => (await living.app.call(listRunners)).data.map(runner => runner.status)
  await expect.poll(statuses, inTime).toEqual(['online'])
}

/** The process of the runner; it must be another one than `before`. */
async function runner(before: number | null = null): Promise<number> {
  const found = async () => (await runnerOf(living.app.dataDir)) ?? 0
  await expect.poll(async () => ![0, before].includes(await found()), inTime).toBe(true)
  return await found()
}

const journal = () => (existsSync(join(folder, 'journal')) ? readFileSync(join(folder, 'journal'), 'utf8') : '')
const journalHas = (text: string) => expect.poll(journal, inTime).toContain(text)
/** Lets agents that wait for it go on. */
const openGate = () => writeFileSync(join(folder, 'gate'), '')

/** Every agent notes that it was started; what it does next differs. */
const noteStart = 'echo "started $FLOTILLA_RUN_ID" >> journal; '
const atGate = 'until [ -e gate ]; do sleep 0.05; done; '
const json = (message: object) => `echo '${JSON.stringify(message)}'; `
const asks = json({ type: 'approval', key: 'a', tool: 'Deploy', title: 'wants to deploy', subject: 'it' })
const result = json({ type: 'result', text: 'all done' })

async function launch(script: string, output: 'lines' | 'events' = 'lines'): Promise<string> {
  const command = { program: 'sh', args: ['-c', noteStart + script], output }
  const { id } = await living.app.call(launchRun, { body: { prompt: 'go', cwd: folder, runtime: 'command', command } })
  launched.push(id)
  return id
}

async function untilEnded(runId: string): Promise<Run> {
  return await untilStatus(living.app, runId, ...endedStatuses)
}

async function eventually(isTrue: () => Promise<boolean>): Promise<boolean> {
  return await expect
    .poll(isTrue, { timeout: 3000 })
    .toBe(true)
    .then(
      () => true,
      () => false
    )
}

async function statusOf(runId: string): Promise<Run['status']> {
  return (await living.app.call(getRun, { params: { id: runId } })).status
}

const isEnd = ({ kind, data }: RunEvent) => (kind === 'result' || kind === 'error') && typeof data.status === 'string'

/** Ended once, the log without a gap, its last event the end, and no process left. */
async function endedOnce(runId: string): Promise<RunEvent[]> {
  const events = await eventsOf(living.app, runId)
  expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.filter(isEnd)).toEqual(events.slice(-1))
  await expect.poll(() => agentsOf(runId), inTime).toEqual([])
  return events
}

const starts = (runId: string) => journal().split(`started ${runId}`).length - 1

const lost = {
  status: 'LOST',
  statusReason: expect.stringMatching(/runner/),
  statusSince: expect.any(String),
  error: { code: 'LOST', message: expect.any(String) }
}

describe('the control plane is killed', () => {
  test('twenty runs queued at that moment each end exactly once', async () => {
    await start('--no-runner')
    const ids = await Promise.all(Array.from({ length: 20 }, () => launch('echo hello')))
    await living.kill('SIGKILL')
    await startAgain()
    for (const id of ids) {
      expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'hello' })
      await endedOnce(id)
      expect(starts(id)).toBe(1)
    }
  })

  test('twenty runs that are queued, claimed and starting at that moment each end exactly once', async () => {
    await start()
    const ids = await Promise.all(Array.from({ length: 20 }, () => launch('sleep 0.2; echo hello')))
    await living.kill('SIGKILL')
    await startAgain()
    for (const id of ids) {
      expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'hello' })
      await endedOnce(id)
      expect(starts(id)).toBe(1)
    }
  })

  test('three running agents go on, and finish with every event', async () => {
    await start()
    const counting = 'for n in $(seq 1 40); do echo line $n; sleep 0.05; done'
    const ids = await Promise.all([1, 2, 3].map(() => launch(counting)))
    for (const id of ids)
      await expect.poll(async () => (await eventsOf(living.app, id)).length, inTime).toBeGreaterThan(5)
    await living.kill('SIGKILL')
    await startAgain()
    for (const id of ids) {
      expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED' })
      const said = (await endedOnce(id)).filter(event => event.kind === 'assistant')
      const lines = said.flatMap(event => event.message.split('\n'))
      expect(lines).toEqual(Array.from({ length: 40 }, (_, n) => `line ${n + 1}`))
      expect(starts(id)).toBe(1)
    }
  })

  test('what waits for a person still waits afterwards, and its answer arrives', async () => {
    await start()
    const id = await launch(`read p; ${asks}read answer; echo "$answer" >> journal; ${result}`, 'events')
    await untilStatus(living.app, id, 'WAITING')
    await living.kill('SIGKILL')
    await startAgain()
    const { data } = await living.app.call(listApprovals, { query: { status: 'pending' } })
    expect(data).toMatchObject([{ runId: id, title: 'wants to deploy' }])
    for (const approval of data) await living.app.call(approve, { params: { id: approval.id } })
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'all done' })
    expect(journal().match(/"allow":true/g)).toHaveLength(1)
    await endedOnce(id)
  })

  test('an end that comes while it is away is told afterwards, once', async () => {
    await start()
    const id = await launch(`read p; ${result}${atGate}echo left >> journal`, 'events')
    await journalHas('started')
    await expect.poll(async () => (await eventsOf(living.app, id)).length, inTime).toBeGreaterThan(0)
    await living.kill('SIGKILL')
    openGate()
    await journalHas('left')
    await startAgain()
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'all done' })
    await endedOnce(id)
  })
})

describe('the runner is killed', () => {
  /** A run that the control plane gave away, and that its runner has not seen yet. */
  async function claimedUnseen(script: string): Promise<{ id: string; frozen: number }> {
    await start()
    const frozen = await runner()
    for (;;) {
      send(frozen, 'SIGSTOP')
      const id = await launch(script)
      const claimed = () => statusOf(id).then(status => status === 'CLAIMED')
      if (await eventually(claimed)) return { id, frozen }
      // It stood still before its call was parked.
      await living.app.call(cancelRun, { params: { id } })
      send(frozen, 'SIGCONT')
    }
  }

  test('before it saw a run that it had claimed: the next one executes it', async () => {
    const { id, frozen } = await claimedUnseen('echo hello')
    send(frozen, 'SIGKILL')
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'hello' })
    await endedOnce(id)
    expect(starts(id)).toBe(1)
  })

  test('together with the control plane, before it saw a run that it had claimed: the next one executes it', async () => {
    const { id, frozen } = await claimedUnseen('echo hello')
    await living.kill('SIGKILL')
    send(frozen, 'SIGKILL')
    await startAgain()
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'hello' })
    await endedOnce(id)
    expect(starts(id)).toBe(1)
  })

  test('after it started an agent and before it could tell: the run is lost, never executed twice', async () => {
    const { id, frozen } = await claimedUnseen('exec sleep 600')
    await living.kill('SIGKILL')
    send(frozen, 'SIGCONT')
    await journalHas(`started ${id}`)
    send(frozen, 'SIGKILL')
    await startAgain()
    expect(await untilEnded(id)).toMatchObject(lost)
    await endedOnce(id)
    expect(starts(id)).toBe(1)
  })

  test('while agents run: they are ended with all they started, their runs are lost and say why, the next one takes over', async () => {
    await start()
    const before = await runner()
    // One that ignores all signals and the end of its input, and has left a child in a session of its own.
    const stubborn = `trap '' TERM INT HUP PIPE; setsid sleep 600 & echo up >> journal; while :; do sleep 1; done`
    const ids = [await launch(stubborn), await launch('exec sleep 600')]
    await journalHas('up')
    for (const id of ids) await untilStatus(living.app, id, 'RUNNING')
    send(before, 'SIGKILL')
    for (const id of ids) {
      expect(await untilEnded(id)).toMatchObject(lost)
      await endedOnce(id)
    }
    expect(await runner(before)).not.toBe(before)
    const next = await launch('echo hello')
    expect(await untilEnded(next)).toMatchObject({ status: 'SUCCEEDED' })
  })

  test('while a person is asked: the run is lost, and nobody is asked any more', async () => {
    await start()
    const id = await launch(`read p; ${asks}read answer; ${result}`, 'events')
    await untilStatus(living.app, id, 'WAITING')
    send(await runner(), 'SIGKILL')
    expect(await untilEnded(id)).toMatchObject(lost)
    expect((await living.app.call(listApprovals)).data).toMatchObject([{ runId: id, status: 'expired' }])
    await endedOnce(id)
  })

  test('between the result of an agent and its end: the run is lost, what was said is kept', async () => {
    await start()
    const id = await launch(`read p; ${json({ type: 'text', text: 'nearly' })}${result}${atGate}`, 'events')
    const said = async () => (await eventsOf(living.app, id)).map(event => event.message)
    await expect.poll(said, inTime).toContain('nearly')
    send(await runner(), 'SIGKILL')
    expect(await untilEnded(id)).toMatchObject(lost)
    expect(await said()).toContain('nearly')
    await endedOnce(id)
  })

  test('together with the control plane while agents run: nothing of them is left, every run says that it is lost', async () => {
    await start()
    const ids = await Promise.all([1, 2, 3].map(() => launch('echo up; trap "" TERM HUP; while :; do sleep 1; done')))
    for (const id of ids) await untilStatus(living.app, id, 'RUNNING')
    const before = await runner()
    await living.kill('SIGKILL')
    send(before, 'SIGKILL')
    await startAgain()
    for (const id of ids) {
      expect(await untilEnded(id)).toMatchObject(lost)
      await endedOnce(id)
    }
  })

  test('again and again: it is started again every time', async () => {
    await start()
    let before: number | null = null
    for (let n = 0; n < 3; n++) {
      const pid = await runner(before)
      send(pid, 'SIGKILL')
      before = pid
    }
    const id = await launch('echo hello')
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('while an agent tells more than gets away at once', () => {
  const count = 50_000
  const texts = Array.from({ length: count }, (_, n) => `step ${n + 1}`)

  /** Kills when some of it is stored, and most is not. */
  async function flooding(): Promise<string> {
    writeFileSync(join(folder, 'flood'), texts.map(text => `${JSON.stringify({ type: 'text', text })}\n`).join(''))
    await start()
    const id = await launch(`cat flood; ${result}`, 'events')
    const told = async () => (await living.app.call(getRun, { params: { id } })).lastSeq
    await expect.poll(told, { ...inTime, interval: 5 }).toBeGreaterThan(1000)
    return id
  }

  async function said(runId: string): Promise<string[]> {
    const events = await endedOnce(runId)
    return events.filter(({ kind }) => kind === 'assistant').map(({ message }) => message)
  }

  test('and the control plane is killed: all of it is there afterwards, once and in order', async () => {
    const id = await flooding()
    await living.kill('SIGKILL')
    await startAgain()
    expect(await untilEnded(id)).toMatchObject({ status: 'SUCCEEDED', result: 'all done' })
    expect(await said(id)).toEqual(texts)
  })

  test('and the runner is killed: what is there is the beginning of it, without a gap', async () => {
    const id = await flooding()
    send(await runner(), 'SIGKILL')
    const { status } = await untilEnded(id)
    const kept = await said(id)
    expect(kept).toEqual(texts.slice(0, kept.length))
    expect(['LOST', 'SUCCEEDED']).toContain(status)
    if (status === 'SUCCEEDED') expect(kept).toHaveLength(count)
  })
})

describe('the agent is killed', () => {
  test('while it runs: the run has failed and says by what', async () => {
    await start()
    const id = await launch('exec sleep 600')
    await untilStatus(living.app, id, 'RUNNING')
    for (const pid of await agentsOf(id)) send(pid, 'SIGKILL')
    const { error } = await untilEnded(id)
    expect(error).toMatchObject({ code: 'AGENT_CRASHED', message: expect.stringContaining('SIGKILL') })
    await endedOnce(id)
  })

  test('while a person is asked: the question is withdrawn', async () => {
    await start()
    const id = await launch(`read p; ${asks}read answer; ${result}`, 'events')
    await untilStatus(living.app, id, 'WAITING')
    for (const pid of await agentsOf(id)) send(pid, 'SIGKILL')
    expect(await untilEnded(id)).toMatchObject({ status: 'FAILED', error: { code: 'AGENT_CRASHED' } })
    expect((await living.app.call(listApprovals)).data).toMatchObject([{ runId: id, status: 'withdrawn' }])
    await endedOnce(id)
  })

  test('while the control plane is away: it is told afterwards, once', async () => {
    await start()
    const id = await launch('exec sleep 600')
    await untilStatus(living.app, id, 'RUNNING')
    await living.kill('SIGKILL')
    for (const pid of await agentsOf(id)) send(pid, 'SIGKILL')
    await startAgain()
    expect(await untilEnded(id)).toMatchObject({ status: 'FAILED', error: { code: 'AGENT_CRASHED' } })
    await endedOnce(id)
  })
})

test('a cancellation survives the death of the control plane', async () => {
  await start()
  const id = await launch('exec sleep 600')
  await untilStatus(living.app, id, 'RUNNING')
  const frozen = await runner()
  send(frozen, 'SIGSTOP')
  await living.app.call(cancelRun, { params: { id } })
  await living.kill('SIGKILL')
  send(frozen, 'SIGCONT')
  await startAgain()
  expect(await untilEnded(id)).toMatchObject({ status: 'CANCELLED', error: null })
  await endedOnce(id)
})

test('all three die at once: the run is lost, once, and nothing is left of it', async () => {
  await start()
  const id = await launch('exec sleep 600')
  await untilStatus(living.app, id, 'RUNNING')
  const pids = [await runner(), ...(await agentsOf(id))]
  await living.kill('SIGKILL')
  for (const pid of pids) send(pid, 'SIGKILL')
  await startAgain()
  expect(await untilEnded(id)).toMatchObject(lost)
  expect(isEnded(await statusOf(id))).toBe(true)
  await endedOnce(id)
})
