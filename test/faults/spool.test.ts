import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import type { RunEvent } from '#contract/runs/events'
import { endedStatuses, launchRun, type Run } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { agentsOf, runnerOf, send } from '../kit/processes.ts'
import { needsSmallDisk, smallDisk } from '../kit/small-disk.ts'
import { temporaryFolder } from '../kit/start-app.ts'

let folder: string
let living: Headless
const launched: string[] = []
const closing: (() => void)[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  const { dataDir } = living.app
  const pid = await runnerOf(dataDir)
  await living.kill('SIGKILL')
  if (pid !== null) send(pid, 'SIGKILL')
  for (const id of launched.splice(0)) for (const agent of await agentsOf(id)) send(agent, 'SIGKILL')
  for (const dir of [dataDir, folder]) rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  for (const close of closing.splice(0)) close()
})

const inTime = { timeout: 30_000, interval: 50 }

async function start(options: { dataDir?: string; env?: Record<string, string> } = {}): Promise<void> {
  living = await startHeadless({ args: ['--allowed-dirs', folder], ...options })
  const statuses = async () => (await living.app.call(listRunners)).data.map(runner => runner.status)
  await expect.poll(statuses, inTime).toEqual(['online'])
}

async function startAgain(): Promise<void> {
  living = await startHeadless({ dataDir: living.app.dataDir, args: ['--allowed-dirs', folder] })
}

async function runner(): Promise<number> {
  return (await runnerOf(living.app.dataDir)) ?? 0
}

const mark = (name: string) => writeFileSync(join(folder, name), '')
const marked = (name: string) => expect.poll(() => existsSync(join(folder, name)), inTime).toBe(true)
const untilMarked = (name: string) => `until [ -e ${name} ]; do sleep 0.05; done; `

/** An agent that says something, waits until the control plane is away, says much more, and notes that it has. */
const speech = `echo before; ${untilMarked('away')} for n in $(seq 1 200); do echo line $n; done; touch said; `
const allLines = Array.from({ length: 200 }, (_, n) => `line ${n + 1}`)

async function launch(script: string): Promise<string> {
  const command = { program: 'sh', args: ['-c', script], output: 'lines' }
  const { id } = await living.app.call(launchRun, { body: { prompt: 'go', cwd: folder, runtime: 'command', command } })
  launched.push(id)
  await untilStatus(living.app, id, 'RUNNING')
  await expect.poll(async () => linesOf(await eventsOf(living.app, id)), inTime).toContain('before')
  return id
}

function linesOf(events: RunEvent[]): string[] {
  return events.filter(event => event.kind === 'assistant').flatMap(event => event.message.split('\n'))
}

/** How it ended, after its log was found without a gap, with one end, and what it said in order. */
async function ended(id: string): Promise<{ run: Run; lines: string[]; events: RunEvent[] }> {
  const run = await untilStatus(living.app, id, ...endedStatuses)
  const events = await eventsOf(living.app, id)
  expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  const isEnd = ({ kind, data }: RunEvent) => (kind === 'result' || kind === 'error') && typeof data.status === 'string'
  expect(events.filter(isEnd)).toEqual(events.slice(-1))
  const lines = linesOf(events).filter(line => line !== 'before')
  expect(lines).toEqual(allLines.slice(0, lines.length))
  return { run, lines, events }
}

/** The files of the spool. */
function spooled(): string[] {
  const spool = join(living.app.dataDir, 'spool')
  const names = readdirSync(spool, { recursive: true, encoding: 'utf8' })
  return names.filter(name => name.endsWith('.items')).map(name => join(spool, name))
}

const spooledText = () =>
  spooled()
    .map(file => readFileSync(file, 'utf8'))
    .join('')

/** The control plane is killed, then the agent speaks, then the runner is killed. */
async function bothKilled(script: string): Promise<string> {
  await start()
  const id = await launch(script)
  const pid = await runner()
  await living.kill('SIGKILL')
  mark('away')
  await marked('said')
  await expect.poll(spooledText, inTime).toContain('line 200')
  send(pid, 'SIGKILL')
  await expect.poll(runner, inTime).toBe(0)
  return id
}

const lost = { status: 'LOST', statusReason: expect.stringMatching(/runner/), error: { code: 'LOST' } }

describe('the runner is killed while the control plane is away', () => {
  test('all that the agent had said is told by the next one, and that the run is lost', async () => {
    const id = await bothKilled(`${speech}exec sleep 600`)
    await startAgain()
    const { run, lines } = await ended(id)
    expect(run).toMatchObject(lost)
    expect(lines).toEqual(allLines)
    expect(await agentsOf(id)).toEqual([])
    await expect.poll(spooled, inTime).toEqual([])
  })

  test('after the agent had ended: the run ends as it did', async () => {
    await start()
    const id = await launch(speech)
    const pid = await runner()
    await living.kill('SIGKILL')
    mark('away')
    await expect.poll(spooledText, inTime).toContain('"finish"')
    send(pid, 'SIGKILL')
    await startAgain()
    const { run, lines } = await ended(id)
    expect(run.status).toBe('SUCCEEDED')
    expect(lines).toEqual(allLines)
  })

  test.each([1, 7, 60])('with the last %i bytes torn off: what came before is told', async bytes => {
    const id = await bothKilled(`${speech}exec sleep 600`)
    for (const file of spooled()) truncateSync(file, statSync(file).size - bytes)
    await startAgain()
    const { run, lines } = await ended(id)
    expect(run).toMatchObject(lost)
    expect(lines.length).toBeLessThan(200)
  })

  test('with garbage in the file: the run still ends', async () => {
    const id = await bothKilled(`${speech}exec sleep 600`)
    for (const file of spooled()) {
      writeFileSync(file, Buffer.alloc(statSync(file).size, 7))
      appendFileSync(file, '\n')
    }
    await startAgain()
    expect((await ended(id)).run).toMatchObject(lost)
    await expect.poll(spooled, inTime).toEqual([])
  })

  test('again while it tells: nothing is told twice', async () => {
    const id = await bothKilled(`${speech}exec sleep 600`)
    for (let n = 0; n < 3; n++) {
      await startAgain()
      await expect.poll(runner, inTime).not.toBe(0)
      const pid = await runner()
      await living.kill('SIGKILL')
      send(pid, 'SIGKILL')
      await expect.poll(runner, inTime).toBe(0)
    }
    await startAgain()
    const { run, lines } = await ended(id)
    expect(run).toMatchObject(lost)
    expect(lines).toEqual(allLines)
  })
})

test('a control plane that hangs counts as away', async () => {
  await start()
  const id = await launch(`${speech}exec sleep 600`)
  const pid = await runner()
  living.process.kill('SIGSTOP')
  mark('away')
  await expect.poll(spooledText, inTime).toContain('line 200')
  send(pid, 'SIGKILL')
  living.process.kill('SIGCONT')
  const { run, lines } = await ended(id)
  expect(run).toMatchObject(lost)
  expect(lines).toEqual(allLines)
})

describe('a runner that is left alone', () => {
  const impatient = { env: { FLOTILLA_RUNNER_IDLE_SECONDS: '1' } }

  test('leaves when its agents have ended, and the next one tells how', async () => {
    await start(impatient)
    const id = await launch(speech)
    await living.kill('SIGKILL')
    mark('away')
    await expect.poll(runner, inTime).toBe(0)
    await startAgain()
    const { run, lines } = await ended(id)
    expect(run.status).toBe('SUCCEEDED')
    expect(lines).toEqual(allLines)
  })

  test('stays as long as an agent works', async () => {
    await start(impatient)
    const id = await launch(`${speech}sleep 3; touch rested; ${untilMarked('back')}echo end`)
    const pid = await runner()
    await living.kill('SIGKILL')
    mark('away')
    await marked('rested')
    expect(await runner()).toBe(pid)
    await startAgain()
    mark('back')
    expect((await untilStatus(living.app, id, ...endedStatuses)).status).toBe('SUCCEEDED')
    expect(await runner()).toBe(pid)
  })

  test('whose data folder is deleted ends its agents and leaves', async () => {
    await start(impatient)
    const id = await launch('echo before; trap "" TERM; while :; do sleep 1; done')
    const pid = await runner()
    await living.kill('SIGKILL')
    rmSync(living.app.dataDir, { recursive: true })
    await expect.poll(() => send(pid, 0 as unknown as NodeJS.Signals), inTime).toBe(false)
    expect(await agentsOf(id)).toEqual([])
  })
})

describe('a full disk under the spool', () => {
  const onSmallDisk = needsSmallDisk()

  onSmallDisk('costs nothing: it waits in memory, says so, and goes to disk when there is room', async () => {
    const disk = smallDisk(24)
    closing.push(() => disk.remove())
    await start({ dataDir: join(disk.folder, 'data') })
    const id = await launch(`${speech}${untilMarked('room')}exec sleep 600`)
    const pid = await runner()
    await living.kill('SIGKILL')
    disk.fill()
    mark('away')
    await marked('said')
    expect(spooledText()).not.toContain('line 200')
    disk.free()
    await expect.poll(spooledText, inTime).toContain('line 200')
    send(pid, 'SIGKILL')
    await startAgain()
    const { run, lines, events } = await ended(id)
    expect(run).toMatchObject(lost)
    expect(lines).toEqual(allLines)
    expect(events.filter(({ data }) => data.subtype === 'spool_refused')).toMatchObject([
      { kind: 'system', message: expect.stringContaining('ENOSPC') }
    ])
  })
})
