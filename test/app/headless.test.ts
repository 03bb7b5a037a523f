import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { getRun, launchRun } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type Headless, spawnHeadless, startHeadless } from '../kit/headless.ts'
import { temporaryFolder } from '../kit/start-app.ts'

const running: Headless[] = []
async function start(options: Parameters<typeof startHeadless>[0] = {}): Promise<Headless> {
  const headless = await startHeadless(options)
  running.push(headless)
  return headless
}

afterEach(async () => {
  for (const headless of running.splice(0)) await headless.app.close()
})

const cat = { runtime: 'command', command: { program: 'cat' } }
const runnerIsThere = async ({ app }: Headless) =>
  expect.poll(async () => (await app.call(listRunners)).data.map(runner => runner.status)).toEqual(['online'])

test('it prints a link that signs a browser in, and ends with 0 at a signal', async () => {
  const headless = await start({ args: ['--no-runner'] })
  expect((await fetch(headless.link, { redirect: 'manual' })).headers.get('set-cookie')).toContain('HttpOnly')
  expect(await headless.kill('SIGTERM')).toBe(0)
  expect(existsSync(join(headless.app.dataDir, 'control-plane.json'))).toBe(false)
})

test('login-link prints a fresh link for the one that runs, and one line when none does', async () => {
  const headless = await start({ args: ['--no-runner'] })
  const entry = join(import.meta.dirname, '../../out/server/main.js')
  const print = (dataDir: string) => promisify(execFile)(process.execPath, [entry, 'login-link', '--data-dir', dataDir])
  const { stdout } = await print(headless.app.dataDir)
  expect((await fetch(stdout.trim(), { redirect: 'manual' })).headers.get('set-cookie')).toContain('HttpOnly')
  const nobody = temporaryFolder()
  await expect(print(nobody)).rejects.toMatchObject({
    code: 1,
    stderr: `Flotilla does not run on ${nobody}. Start it with: npm start\n`
  })
  rmSync(nobody, { recursive: true })
})

test('a second one on the folder refuses in one line, naming the first', async () => {
  const first = await start({ args: ['--no-runner'] })
  const second = spawnHeadless({ dataDir: first.app.dataDir, args: ['--no-runner'] })
  let said = ''
  second.stderr?.on('data', chunk => {
    said += chunk
  })
  const [code] = await once(second, 'close')
  expect(code).toBe(1)
  expect(said).toBe(`Flotilla already runs on ${first.app.dataDir} (pid ${first.process.pid}) at ${first.app.url}\n`)
})

test('killed at any moment it starts again on the same folder', async () => {
  const first = await start({ args: ['--no-runner'] })
  const run = await first.app.call(launchRun, { body: { prompt: 'remember' } })
  expect(await first.kill('SIGKILL')).toBe('SIGKILL')
  const second = await first.again()
  running.push(second)
  expect((await second.app.call(getRun, { params: { id: run.id } })).input).toBe('remember')
})

test('its runner executes any program as an agent', async () => {
  const headless = await start()
  await runnerIsThere(headless)
  const run = await headless.app.call(launchRun, { body: { prompt: 'hello there', ...cat } })
  expect(await untilStatus(headless.app, run.id, 'SUCCEEDED')).toMatchObject({
    result: 'hello there',
    cwd: expect.any(String)
  })
})

test('the agents outlive it: a run goes on while it is killed and comes back, and no event is lost or doubled', async () => {
  const first = await start()
  await runnerIsThere(first)
  const script = 'for n in $(seq 1 40); do echo line $n; sleep 0.1; done'
  const run = await first.app.call(launchRun, {
    body: { prompt: 'x', runtime: 'command', command: { program: 'sh', args: ['-c', script] } }
  })
  await expect.poll(async () => (await eventsOf(first.app, run.id)).length).toBeGreaterThan(5)
  await first.kill('SIGKILL')
  const second = await first.again()
  running.push(second)
  const done = await untilStatus(second.app, run.id, 'SUCCEEDED')
  const events = await eventsOf(second.app, run.id)
  expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  const lines = events.filter(event => event.kind === 'assistant').flatMap(event => event.message.trim().split('\n'))
  expect(lines).toEqual(Array.from({ length: 40 }, (_, n) => `line ${n + 1}`))
  expect(done.lastSeq).toBe(events.length)
})

test('--stop-agents takes the agents along', async () => {
  const headless = await start({ args: ['--stop-agents'] })
  await runnerIsThere(headless)
  const run = await headless.app.call(launchRun, {
    body: { prompt: 'x', runtime: 'command', command: { program: 'sleep', args: ['600'] } }
  })
  await untilStatus(headless.app, run.id, 'RUNNING')
  expect(await headless.kill('SIGTERM')).toBe(0)
  const again = await startHeadless({ dataDir: headless.app.dataDir, args: ['--no-runner'] })
  running.push(again)
  expect((await again.app.call(getRun, { params: { id: run.id } })).status).toBe('CANCELLED')
})
