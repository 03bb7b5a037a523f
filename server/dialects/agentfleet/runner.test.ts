import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { launchRun } from '#contract/runs/runs'
import { connectDialect, type DialectClient, type Thing } from '../../../test/kit/dialect-client.ts'
import { untilStatus } from '../../../test/kit/events.ts'
import { scripted, startMockLlm } from '../../../test/kit/mock-llm.ts'
import { findTool, needs } from '../../../test/kit/needs.ts'
import { type App, startApp, temporaryFolder } from '../../../test/kit/start-app.ts'

const built = join(import.meta.dirname, '../../../out')

let app: App
let client: DialectClient
let folder: string
let child: ChildProcess | null = null

beforeEach(async () => {
  folder = temporaryFolder()
  for (const name of ['code', 'srv', 'home', 'elsewhere']) mkdirSync(join(folder, name))
  // A test that asks again and again until something is so is no client of the document.
  app = await startApp({ args: ['--limits', 'agentfleet=0'] })
  client = await connectDialect(app, '/agentfleet', 'agentfleet')
})
afterEach(async () => {
  if (child?.exitCode === null) {
    const left = once(child, 'exit')
    child.kill('SIGTERM')
    await left
  }
  child = null
  await app.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** As the document does on macOS and Linux; what is not of the document keeps it apart from the runners of this machine. */
async function startRunner(prefix: string, dirs: string, more: Record<string, string> = {}): Promise<Thing> {
  child = spawn(process.execPath, ['runner/agentfleet-runner.mjs'], {
    cwd: built,
    env: {
      AGENTFLEET_URL: app.url + prefix,
      AGENTFLEET_API_KEY: client.token,
      ALLOWED_DIRS: dirs,
      RUNNER_NAME: 'home-desktop',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      SHELL: '/bin/sh',
      HOME: join(folder, 'home'),
      FLOTILLA_RUNNER_DIR: join(folder, 'runner'),
      ...more
    },
    stdio: 'ignore'
  })
  const mine = async () =>
    (await client.call<{ data: Thing[] }>('GET', '/api/v1/runners')).body.data.find(
      ({ name }) => name === 'home-desktop'
    )
  await expect.poll(mine).toMatchObject({ status: 'online' })
  const runner = await mine()
  if (!runner) throw new Error('it left at once')
  return runner
}

const within = (...parts: string[]) => join(folder, ...parts)
const read = async (id: string) => (await client.call<Thing & { logs: Thing[] }>('GET', `/api/v1/runs/${id}`)).body

test.each([
  ['', 'colons', ':'],
  ['/agentfleet', 'commas', ',']
])(
  'a runner that is started as in the document, at the host with "%s" and with folders between %s, shows up and works there',
  async (prefix, _, separator) => {
    const runner = await startRunner(prefix, `${within('code')}${separator}${within('srv')}`)
    expect(runner.allowedDirs).toEqual([within('code'), within('srv')])
    const launch = (cwd: string) => client.call('POST', '/api/v1/runs', { prompt: 'x', cwd })
    expect(await launch(within('elsewhere'))).toMatchObject({
      status: 400,
      body: { error: { code: 'CWD_NOT_ALLOWED' } }
    })
    const body = { prompt: 'list', cwd: within('srv'), runtime: 'practice', runnerId: runner.id }
    const { id } = await app.call(launchRun, { body })
    await untilStatus(app, id, 'SUCCEEDED')
    expect(await read(id)).toMatchObject({ runnerId: runner.id, result: 'The folder is empty.' })
  }
)

test('a folder that only seems to lie in an allowed one is refused by the runner itself', async () => {
  await startRunner('', within('code'))
  symlinkSync(within('elsewhere'), within('code', 'link'))
  const { status, body } = await client.call('POST', '/api/v1/runs', { prompt: 'x', cwd: within('code', 'link') })
  expect(status).toBe(201)
  await untilStatus(app, body.id, 'FAILED')
  expect(await read(body.id)).toMatchObject({ status: 'FAILED', error: { code: 'CWD_NOT_ALLOWED' } })
})

needs('claude')('a Claude Code session is launched, tailed and followed up, all by the document', async () => {
  const mock = await startMockLlm()
  try {
    const runner = await startRunner('', within('code'), {
      PATH: `${dirname(findTool('claude') ?? '')}:${process.env.PATH}`,
      IS_SANDBOX: '1',
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: 'sk-ant-a-secret-of-this-test'
    })
    const runtimes = async () => (await client.call('GET', `/api/v1/runners/${runner.id}`)).body.runtimes
    await expect
      .poll(runtimes, { timeout: 45_000 })
      .toContainEqual(expect.objectContaining({ id: 'claude-code', state: 'ready' }))
    const route = within('code', 'route.txt')
    const script = scripted({ tool: 'write', path: route, content: 'ok\n' }, { text: 'The route is there.' })
    const wish = { prompt: script, cwd: within('code'), permissionMode: 'acceptEdits', model: 'haiku' }
    const { id } = (await client.call('POST', '/api/v1/runs', wish)).body
    const tail: Thing[] = []
    const kinds = async () => {
      const path = `/api/v1/runs/${id}/events?after=${tail.at(-1)?.seq ?? 0}`
      tail.push(...(await client.call<{ data: Thing[] }>('GET', path)).body.data)
      return tail.map(({ kind }) => kind)
    }
    await expect.poll(kinds, { timeout: 45_000 }).toContain('result')
    expect(await kinds()).toEqual(expect.arrayContaining(['system', 'assistant', 'tool_use', 'result']))
    expect(readFileSync(route, 'utf8')).toBe('ok\n')
    const done = await read(id)
    expect(done).toMatchObject({ status: 'SUCCEEDED', runtime: 'claude-code', result: 'The route is there.' })
    expect(done.costUsd).toBeGreaterThan(0)
    const next = { prompt: scripted({ text: 'The test is there.' }) }
    const child = (await client.call('POST', `/api/v1/runs/${id}/followup`, next)).body
    await untilStatus(app, child.id, 'SUCCEEDED')
    expect(await read(child.id)).toMatchObject({
      parentRunId: id,
      sessionId: done.sessionId,
      result: 'The test is there.'
    })
  } finally {
    await mock.close()
  }
})
