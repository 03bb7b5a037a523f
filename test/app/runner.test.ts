import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createKey } from '#contract/people/keys'
import { listRunners } from '#contract/runners/runners'
import { approve, listApprovals } from '#contract/runs/approvals'
import { stopRunDaemon } from '#contract/runs/daemons'
import { cancelRun, followUpRun, getRun, launchRun, type Run } from '#contract/runs/runs'
import { findInstance } from '../../server/runner/life/single-instance.ts'
import { listProcesses } from '../../server/runner/places/host/processes.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type Headless, type HeadlessOptions, startHeadless } from '../kit/headless.ts'
import { temporaryFolder } from '../kit/start-app.ts'

const runnerFile = join(import.meta.dirname, '../../out/runner/agentfleet-runner.mjs')
const path = '/usr/local/bin:/usr/bin:/bin'

let folder: string
let headless: Headless
const children: ChildProcess[] = []

beforeEach(() => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'code'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await headless.app.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function start(options: HeadlessOptions = {}): Promise<void> {
  headless = await startHeadless({ args: ['--allowed-dirs', folder], ...options })
}

async function startWithRunner(env: Record<string, string> = {}): Promise<number> {
  await start({ env })
  await expect.poll(online, { timeout: 15_000 }).toHaveLength(1)
  return (await findInstance(headless.app.dataDir))?.pid ?? 0
}

async function online(): Promise<string[]> {
  const { data } = await headless.app.call(listRunners)
  return data.filter(runner => runner.status === 'online').map(runner => runner.name)
}

function launch(prompt: string, body: Record<string, unknown> = {}): Promise<Run> {
  const practice = { prompt, cwd: join(folder, 'code'), runtime: 'practice', permissionMode: 'bypassPermissions' }
  return headless.app.call(launchRun, { body: { ...practice, ...body } })
}

function standalone(env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [runnerFile], {
    env: { PATH: path, HOME: folder, FLOTILLA_RUNNER_DIR: join(folder, 'runner'), SHELL: '/bin/sh', ...env },
    stdio: ['ignore', 'ignore', 'pipe']
  })
  child.stderr?.resume()
  children.push(child)
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(closed => server.close(closed))
  return typeof address === 'object' && address !== null ? address.port : 0
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function processesOf(text: string): number {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter(line => line.includes(text)).length
}

describe('the built-in runner', () => {
  test('outlives a killed control plane with its agents, and is taken on by the next one', async () => {
    const pid = await startWithRunner()
    const run = await launch('wait 3 then list')
    await untilStatus(headless.app, run.id, 'RUNNING')
    await headless.kill('SIGKILL')
    headless = await headless.again()
    expect(await untilStatus(headless.app, run.id, 'SUCCEEDED')).toMatchObject({
      result: expect.stringContaining('I waited 3 s')
    })
    expect((await findInstance(headless.app.dataDir))?.pid).toBe(pid)
    const events = await eventsOf(headless.app, run.id)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  })

  test('leaves when the control plane stops and nothing runs', async () => {
    const pid = await startWithRunner()
    expect(await headless.kill('SIGTERM')).toBe(0)
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  test('leaves by itself when it is left alone', async () => {
    const pid = await startWithRunner({ FLOTILLA_RUNNER_IDLE_SECONDS: '1' })
    await headless.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
  })

  test('at a signal it stops its agents, tells, and leaves nothing behind', async () => {
    const pid = await startWithRunner()
    const mark = `sleep 4${Date.now() % 100_000}`
    const run = await launch(`run ${mark}`)
    await expect.poll(() => processesOf(mark)).toBeGreaterThan(0)
    process.kill(pid, 'SIGTERM')
    await untilStatus(headless.app, run.id, 'CANCELLED')
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(processesOf(mark)).toBe(0)
  })

  test('the practice agent asks, is allowed, and follows up in the same session', async () => {
    await startWithRunner()
    const run = await launch('write hello.txt: Hello', { permissionMode: 'default' })
    await untilStatus(headless.app, run.id, 'WAITING')
    const { data } = await headless.app.call(listApprovals, { query: { status: 'pending' } })
    await headless.app.call(approve, { params: { id: data[0]?.id ?? '' } })
    await untilStatus(headless.app, run.id, 'SUCCEEDED')
    expect(readFileSync(join(folder, 'code/hello.txt'), 'utf8')).toBe('Hello\n')
    const child = await headless.app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'read it' } })
    expect(await untilStatus(headless.app, child.id, 'SUCCEEDED')).toMatchObject({ result: 'hello.txt has 1 line.' })
  })

  test('a run without a folder gets a private one, the same for its follow-up', async () => {
    await startWithRunner()
    const run = await launch('write kept.txt: x', { cwd: undefined })
    const first = await untilStatus(headless.app, run.id, 'SUCCEEDED')
    expect(first.cwd).toBe(join(headless.app.dataDir, 'workspaces', run.id))
    const child = await headless.app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'list' } })
    expect((await untilStatus(headless.app, child.id, 'SUCCEEDED')).result).toContain('kept.txt')
  })

  test('what agents inherit holds nothing of ours', async () => {
    await startWithRunner()
    const script = join(folder, 'code/agent.sh')
    writeFileSync(script, '#!/bin/sh\nenv\n', { mode: 0o755 })
    const run = await launch('x', { runtime: 'command', command: { program: script }, permissionMode: 'default' })
    const { result } = await untilStatus(headless.app, run.id, 'SUCCEEDED')
    const names = (result ?? '').split('\n').map(line => line.split('=')[0])
    expect(names.filter(name => /^(FLOTILLA|AGENTFLEET|npm)_/.test(name ?? '')).sort()).toEqual([
      'FLOTILLA_RUNNER',
      'FLOTILLA_RUN_ID'
    ])
    expect(result).not.toContain(headless.app.ownerToken)
  })
})

describe('a process that an agent leaves on purpose', () => {
  async function leave(script: string): Promise<Run> {
    await startWithRunner()
    const command = { program: 'bash', args: ['-c', script] }
    const run = await launch('x', { runtime: 'command', command, permissionMode: 'default' })
    await untilStatus(headless.app, run.id, 'SUCCEEDED')
    return run
  }

  const daemonsOf = async ({ id }: Run) => (await headless.app.call(getRun, { params: { id } })).daemons

  test('is listed in its run until it is stopped there', async () => {
    const run = await leave('setsid sleep 4321 >/dev/null 2>&1 & sleep 0.3')
    await expect.poll(() => daemonsOf(run)).toMatchObject([{ command: 'sleep 4321' }])
    const [{ pid } = { pid: 0 }] = await daemonsOf(run)
    expect(isAlive(pid)).toBe(true)
    await headless.app.call(stopRunDaemon, { params: { id: run.id, pid } })
    await expect.poll(() => daemonsOf(run), { timeout: 15_000 }).toEqual([])
    expect((await listProcesses()).some(entry => entry.pid === pid)).toBe(false)
    const again = await headless.app.request('POST', `/api/v1/runs/${run.id}/daemons/${pid}/stop`, { body: {} })
    expect(again.error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(`no process ${pid}`) })
  })

  test('is listed until it ends by itself, also across the death of the runner', async () => {
    const run = await leave('setsid sh -c "until [ -e ../go ]; do sleep 0.1; done" >/dev/null 2>&1 & sleep 0.3')
    await expect.poll(() => daemonsOf(run)).toHaveLength(1)
    const pid = (await findInstance(headless.app.dataDir))?.pid ?? 0
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(async () => (await findInstance(headless.app.dataDir))?.pid ?? pid, { timeout: 15_000 })
      .not.toBe(pid)
    expect(await daemonsOf(run)).toHaveLength(1)
    writeFileSync(join(folder, 'go'), '')
    await expect.poll(() => daemonsOf(run), { timeout: 15_000 }).toEqual([])
  })
})

describe('what the login shell does', () => {
  async function begin(rc: string): Promise<void> {
    const home = join(folder, 'home')
    mkdirSync(home)
    writeFileSync(join(home, '.bash_profile'), `${rc}\n`)
    await startWithRunner({ HOME: home, SHELL: '/bin/bash' })
  }

  async function firstEvent(): Promise<string | undefined> {
    const run = await launch('list')
    await untilStatus(headless.app, run.id, 'SUCCEEDED')
    const [, first] = await eventsOf(headless.app, run.id)
    return first?.message
  }

  async function warnings(): Promise<string[]> {
    const { data } = await headless.app.call(listRunners)
    return data[0]?.warnings.map(({ code, message }) => `${code} ${message}`) ?? []
  }

  test.each([
    ['exits', 'exit 4', 'exit code 4'],
    ['is replaced', 'exec true', 'exit code 0']
  ])('is said by the runner and first in a run, when it %s', async (_, rc, words) => {
    await begin(rc)
    await expect.poll(warnings, { timeout: 15_000 }).toEqual([expect.stringMatching(`^LOGIN_SHELL .*${words}`)])
    expect(await firstEvent()).toMatch(words)
  })

  async function fromProfile(): Promise<string | null> {
    const command = { program: 'printenv', args: ['FROM_PROFILE'] }
    const run = await launch('x', { runtime: 'command', command, permissionMode: 'default' })
    return (await untilStatus(headless.app, run.id, 'SUCCEEDED')).result
  }

  test('keeps nothing from working when it leaves a daemon that holds its output open', async () => {
    await begin(`setsid bash -c 'exec sleep 30' & export FROM_PROFILE=yes`)
    expect(await fromProfile()).toBe('yes')
    expect(await warnings()).toEqual([])
  })

  test('counts from when it is ready, when it is slow', async () => {
    await begin('until [ -e ~/go ]; do sleep 0.1; done; export FROM_PROFILE=late')
    const first = firstEvent()
    await expect.poll(warnings, { timeout: 20_000 }).toEqual([expect.stringContaining('LOGIN_SHELL')])
    expect(await first).toContain('has not been ready for 5 s')
    writeFileSync(join(folder, 'home/go'), '')
    await expect.poll(warnings, { timeout: 20_000 }).toEqual([])
    expect(await fromProfile()).toBe('late')
  })
})

test('an agent whose CLI is not here exists, and its run fails at once and says how to get it', async () => {
  await startWithRunner()
  const agent = await headless.app.call(createAgent, { body: { name: 'Elsewhere', provider: 'google' } })
  const run = await headless.app.call(launchRun, { body: { prompt: 'hello', agentId: agent.id } })
  const { error } = await untilStatus(headless.app, run.id, 'FAILED')
  expect(error).toMatchObject({
    code: 'RUNTIME_MISSING',
    message: expect.stringMatching(/is not installed.*npm install/)
  })
})

describe('a standalone runner', () => {
  async function env(): Promise<Record<string, string>> {
    const { key } = await headless.app.call(createKey, { body: { name: 'desk', style: 'agentfleet' } })
    return { AGENTFLEET_URL: headless.app.url, AGENTFLEET_API_KEY: key, ALLOWED_DIRS: folder, RUNNER_NAME: 'desk' }
  }

  test('works by its key alone', async () => {
    await start({ args: ['--no-runner'] })
    standalone(await env())
    await expect.poll(online, { timeout: 15_000 }).toEqual(['desk'])
    const run = await launch('list')
    expect(await untilStatus(headless.app, run.id, 'SUCCEEDED')).toMatchObject({ result: 'The folder is empty.' })
  })

  test('that is told to end shows offline at once', async () => {
    await start({ args: ['--no-runner'] })
    const child = standalone(await env())
    await expect.poll(online, { timeout: 15_000 }).toEqual(['desk'])
    const left = once(child, 'exit')
    child.kill('SIGTERM')
    await left
    expect(await online()).toEqual([])
  })

  test('stays when the control plane stops, and works again when it is back', async () => {
    await start({ args: ['--no-runner', '--port', String(await freePort())] })
    const child = standalone(await env())
    await expect.poll(online, { timeout: 15_000 }).toEqual(['desk'])
    await headless.kill('SIGTERM')
    headless = await headless.again()
    const run = await launch('list')
    await untilStatus(headless.app, run.id, 'SUCCEEDED')
    expect(child.exitCode).toBeNull()
  })

  test('that is a copy of one that lives says what to do and ends, and the first keeps its run', async () => {
    await start({ args: ['--no-runner'] })
    const first = standalone(await env())
    await expect.poll(online, { timeout: 15_000 }).toEqual(['desk'])
    const run = await launch('wait 300')
    await untilStatus(headless.app, run.id, 'RUNNING')
    // The same identity in another folder, as when a disk was cloned.
    mkdirSync(join(folder, 'clone'))
    writeFileSync(join(folder, 'clone/runner.json'), readFileSync(join(folder, 'runner/runner.json')))
    const { code, said } = await endOf({ ...(await env()), FLOTILLA_RUNNER_DIR: join(folder, 'clone') })
    expect({ code, said }).toEqual({ code: 2, said: [expect.stringMatching(/delete runner.json/)] })
    expect(first.exitCode).toBeNull()
    expect((await headless.app.call(getRun, { params: { id: run.id } })).status).toBe('RUNNING')
    await headless.app.call(cancelRun, { params: { id: run.id } })
    await untilStatus(headless.app, run.id, 'CANCELLED')
  })

  async function endOf(given: Record<string, string>): Promise<{ code: number | null; said: string[] }> {
    const child = standalone(given)
    let said = ''
    child.stderr?.on('data', chunk => (said += chunk))
    const [code] = await once(child, 'close')
    return { code, said: said.trim().split('\n') }
  }

  test.each([
    ['without a key', { AGENTFLEET_API_KEY: '' }, /AGENTFLEET_API_KEY is not set/],
    ['with a key that nobody made', { AGENTFLEET_API_KEY: 'af_live_nobody' }, /does not accept AGENTFLEET_API_KEY/],
    ['without a scheme', { AGENTFLEET_URL: 'localhost:4747' }, /did you mean http:\/\/localhost:4747/],
    ['with folders that are empty', { ALLOWED_DIRS: '' }, /ALLOWED_DIRS is empty/]
  ])('%s says so in one line and ends with 2', async (_, wrong, words) => {
    await start({ args: ['--no-runner'] })
    const { code, said } = await endOf({ ...(await env()), ...wrong })
    expect({ code, said }).toEqual({ code: 2, said: [expect.stringMatching(words)] })
  })

  test('with a key that does other things ends with 2', async () => {
    await start({ args: ['--no-runner'] })
    const { key } = await headless.app.call(createKey, {
      body: { name: 'reader', style: 'flotilla', scopes: ['read'] }
    })
    const { code, said } = await endOf({ ...(await env()), AGENTFLEET_API_KEY: key })
    expect({ code, said }).toEqual({ code: 2, said: [expect.stringMatching(/does not accept AGENTFLEET_API_KEY/)] })
  })

  test('whose identity was torn gets a new one, and says which of its folders is not there', async () => {
    await start({ args: ['--no-runner'] })
    mkdirSync(join(folder, 'runner'))
    writeFileSync(join(folder, 'runner/runner.json'), '{"ident')
    standalone({ ...(await env()), ALLOWED_DIRS: `${folder},${folder}/gone` })
    await expect.poll(online, { timeout: 15_000 }).toEqual(['desk'])
    const { data } = await headless.app.call(listRunners)
    expect(data[0]?.warnings).toEqual([{ code: 'FOLDER_MISSING', message: expect.stringContaining(`${folder}/gone`) }])
  })
})
