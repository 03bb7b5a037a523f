import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { createAgent, executeAgent, getAgent } from '#contract/fleet/agents'
import { setSecret } from '#contract/fleet/secrets'
import { listRunners } from '#contract/runners/runners'
import { approve, deny, listApprovals } from '#contract/runs/approvals'
import { addInput, cancelRun, followUpRun, forkRun, getRun, launchRun, type Run } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { type MockLlm, scripted, startMockLlm } from '../kit/mock-llm.ts'
import { findTool, needs } from '../kit/needs.ts'
import { temporaryFolder } from '../kit/start-app.ts'

const test = needs('claude')
const secret = 'sk-ant-a-secret-of-this-test'

let mock: MockLlm
let headless: Headless
let folder: string

beforeAll(async () => {
  if (!findTool('claude')) return
  mock = await startMockLlm()
  folder = temporaryFolder()
  const home = join(folder, 'home')
  mkdirSync(home)
  headless = await startHeadless({
    args: ['--allowed-dirs', folder],
    env: {
      PATH: `${dirname(findTool('claude') ?? '')}:${process.env.PATH}`,
      HOME: home,
      IS_SANDBOX: '1',
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: secret,
      CLAUDE_CODE_MAX_RETRIES: '2'
    }
  })
  await vi.waitFor(async () => expect(await runtimeState()).toMatchObject({ state: 'ready', signedIn: 'yes' }), {
    timeout: 20_000
  })
}, 60_000)

afterAll(async () => {
  await headless?.app.close()
  await mock?.close()
})

async function runtimeState() {
  const { data } = await headless.app.call(listRunners)
  return data[0]?.runtimes.find(runtime => runtime.id === 'claude-code') ?? null
}

const work = (name: string) => {
  const made = join(folder, name)
  mkdirSync(made, { recursive: true })
  return made
}

const launch = (prompt: string, body: Record<string, unknown> = {}) =>
  headless.app.call(launchRun, {
    body: { prompt, cwd: work('project'), runtime: 'claude-code', model: 'haiku', timeoutSeconds: 60, ...body }
  })
const until = (run: Run, ...statuses: Run['status'][]) => untilStatus(headless.app, run.id, ...statuses)
const kinds = async (run: Run) => (await eventsOf(headless.app, run.id)).map(event => event.kind)

async function pendingOf(run: Run) {
  const { data } = await headless.app.call(listApprovals, { query: { status: 'pending', runId: run.id } })
  if (!data[0]) throw new Error('nothing is asked')
  return data[0]
}

function processesMentioning(text: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(text) && !line.includes('ps -eo'))
}

describe('the real Claude Code', () => {
  test('writes a file and tells each step, its tokens, its cost and its session', async () => {
    const file = join(work('project'), 'made.txt')
    const run = await launch(
      scripted({ think: 'let me see', tool: 'write', path: file, content: 'one\ntwo\n' }, { text: 'All done.' }),
      { permissionMode: 'acceptEdits' }
    )
    const done = await until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    expect(done).toMatchObject({ result: 'All done.', sessionId: expect.any(String), contextMax: expect.any(Number) })
    expect(done.usage.inputTokens).toBeGreaterThan(0)
    expect(done.costUsd).toBeGreaterThan(0)
    const events = await eventsOf(headless.app, run.id)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.map(event => event.kind)).toEqual(
      expect.arrayContaining(['user', 'system', 'thinking', 'tool_use', 'tool_result', 'assistant', 'result'])
    )
    expect(events.find(event => event.kind === 'tool_result')?.data).toMatchObject({
      isError: false,
      diff: { created: true, hunks: [{ lines: ['+one', '+two'] }] }
    })
  })

  test('in default mode waits for a person, obeys yes', async () => {
    const file = join(work('project'), 'allowed.txt')
    const run = await launch(scripted({ tool: 'write', path: file, content: 'x' }, { text: 'ok' }))
    await until(run, 'WAITING')
    const asked = await pendingOf(run)
    expect(asked).toMatchObject({ kind: 'tool', tool: 'Write', input: { file_path: file, content: 'x' } })
    expect(existsSync(file)).toBe(false)
    await headless.app.call(approve, { params: { id: asked.id } })
    const done = await until(run, 'SUCCEEDED')
    expect(readFileSync(file, 'utf8')).toBe('x')
    expect(done.waitedMs).toBeGreaterThan(0)
  })

  test('and obeys no, with the reason', async () => {
    const file = join(work('project'), 'denied.txt')
    const run = await launch(scripted({ tool: 'write', path: file, content: 'x' }, { text: 'I left it.' }))
    await until(run, 'WAITING')
    await headless.app.call(deny, { params: { id: (await pendingOf(run)).id }, body: { reason: 'not that one' } })
    expect(await until(run, 'SUCCEEDED')).toMatchObject({ result: 'I left it.' })
    expect(existsSync(file)).toBe(false)
    const result = (await eventsOf(headless.app, run.id)).find(event => event.kind === 'tool_result')
    expect(result).toMatchObject({ data: { isError: true, text: expect.stringContaining('not that one') } })
  })

  test('a follow-up goes on in the same conversation, a fork in a copy of it', async () => {
    const run = await launch(scripted({ text: 'first answer' }))
    const first = await until(run, 'SUCCEEDED')
    const before = mock.requests.length
    const child = await headless.app.call(followUpRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'second answer' }) }
    })
    const second = await until(child, 'SUCCEEDED')
    expect(second).toMatchObject({ result: 'second answer', sessionId: first.sessionId, parentRunId: run.id })
    expect(JSON.stringify(mock.requests.slice(before))).toContain('first answer')
    const fork = await headless.app.call(forkRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'another way' }) }
    })
    const forked = await until(fork, 'SUCCEEDED')
    expect(forked.result).toBe('another way')
    expect(forked.sessionId).not.toBe(first.sessionId)
  })

  test('queued input is read in the same session when the turn ends', async () => {
    const run = await launch(scripted({ slow: 10, ms: 100 }))
    await until(run, 'RUNNING')
    await headless.app.call(addInput, {
      params: { id: run.id },
      body: { text: scripted({ text: 'read the second' }) }
    })
    expect(await until(run, 'SUCCEEDED')).toMatchObject({ result: 'read the second' })
    expect((await kinds(run)).filter(kind => kind === 'user')).toHaveLength(2)
  })

  test('cancelled it ends within five seconds, with nothing of it left', async () => {
    const mark = `mark-${Date.now()}.txt`
    const file = join(work('project'), mark)
    writeFileSync(file, '')
    const run = await launch(scripted({ tool: 'sh', cmd: `tail -f ${file}` }, { text: 'never' }), {
      permissionMode: 'bypassPermissions'
    })
    await expect.poll(() => processesMentioning(mark).length, { timeout: 15_000 }).toBeGreaterThan(0)
    const asked = Date.now()
    await headless.app.call(cancelRun, { params: { id: run.id } })
    const ended = await until(run, 'CANCELLED')
    expect(Date.parse(ended.endedAt ?? '') - asked).toBeLessThan(5500)
    expect(processesMentioning(mark)).toEqual([])
    expect(processesMentioning(run.id)).toEqual([])
  })

  test.each([
    [400, 'INVALID_MODEL_REQUEST'],
    [401, 'AUTHENTICATION_FAILED'],
    [429, 'RATE_LIMITED'],
    [500, 'MODEL_ERROR'],
    [529, 'OVERLOADED']
  ])('a model that answers %i is a readable failure: %s', async (error, code) => {
    const run = await launch(scripted({ error, message: 'as scripted', headers: { 'retry-after': '1' } }))
    const failed = await until(run, 'FAILED')
    expect(failed.error).toMatchObject({ code, message: expect.stringContaining('as scripted') })
    const log = await eventsOf(headless.app, run.id)
    if (error === 429) expect(log.some(event => event.data.subtype === 'api_retry')).toBe(true)
  })

  test('killed with the control plane and started again: no gap, no double, and the session goes on', async () => {
    const run = await launch(scripted({ slow: 30, ms: 100 }))
    await expect
      .poll(async () => (await headless.app.call(getRun, { params: { id: run.id } })).sessionId)
      .not.toBeNull()
    await headless.kill('SIGKILL')
    headless = await headless.again()
    const done = await until(run, 'SUCCEEDED')
    const events = await eventsOf(headless.app, run.id)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter(event => event.kind === 'assistant')).toHaveLength(1)
    const child = await headless.app.call(followUpRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'still here' }) }
    })
    expect(await until(child, 'SUCCEEDED')).toMatchObject({ result: 'still here', sessionId: done.sessionId })
  })

  test('a folder that is missing, a file, or outside is refused by name', async () => {
    const missing = join(folder, 'nothing-here')
    expect((await until(await launch('x', { cwd: missing }), 'FAILED')).error).toMatchObject({ code: 'CWD_MISSING' })
    const file = join(work('project'), 'a-file')
    writeFileSync(file, '')
    expect((await until(await launch('x', { cwd: file }), 'FAILED')).error).toMatchObject({
      code: 'CWD_NOT_A_DIRECTORY'
    })
    await expect(launch('x', { cwd: '/' })).rejects.toThrow('CWD_NOT_ALLOWED')
  })

  test('the provider key that the agent prints is kept out of the log', async () => {
    const run = await launch(scripted({ tool: 'sh', cmd: 'echo key=$ANTHROPIC_API_KEY' }, { text: 'done' }), {
      permissionMode: 'bypassPermissions'
    })
    const done = await until(run, 'SUCCEEDED')
    const text = JSON.stringify([done, await eventsOf(headless.app, run.id)])
    expect(text).not.toContain(secret)
    expect(text).toContain('[redacted ANTHROPIC_API_KEY]')
  })

  test('an agent works with its instructions and a secret, which stands nowhere but in its environment', async () => {
    const marker = `marker-${Date.now()}-of-a-secret`
    await headless.app.call(setSecret, { body: { key: 'DEPLOY_KEY', value: marker } })
    const agent = await headless.app.call(createAgent, {
      body: {
        name: 'Shipper',
        role: 'You ship to the moon.',
        cwd: work('project'),
        model: 'haiku',
        permissionMode: 'bypassPermissions'
      }
    })
    const before = mock.requests.length
    const run = await headless.app.call(executeAgent, {
      params: { id: agent.id },
      body: {
        prompt: scripted(
          { tool: 'sh', cmd: 'printf %s "$DEPLOY_KEY" | wc -c; echo $DEPLOY_KEY; sleep 1' },
          { text: 'shipped' }
        )
      }
    })
    await until(run, 'RUNNING')
    expect(processesMentioning(marker)).toEqual([])
    const done = await until(run, 'SUCCEEDED')
    const text = JSON.stringify([done, await eventsOf(headless.app, run.id)])
    expect(text).toContain(String(marker.length))
    expect(text).toContain('[redacted DEPLOY_KEY]')
    expect(text).not.toContain(marker)
    expect(JSON.stringify(mock.requests.slice(before))).toContain('You ship to the moon.')
    for (const file of ['flotilla.db', 'flotilla.db-wal', 'logs/control-plane.log', 'logs/runner.log'])
      expect(readFileSync(join(headless.app.dataDir, file)).includes(marker)).toBe(false)
    const { sessionRunId } = await headless.app.call(getAgent, { params: { id: agent.id } })
    expect(sessionRunId).toBe(run.id)
  })
})
