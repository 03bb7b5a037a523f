import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { approve, deny, listApprovals } from '#contract/runs/approvals'
import { addInput, cancelRun, followUpRun, launchRun, type Run } from '#contract/runs/runs'
import type { AcpStep } from '../kit/acp/agent.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const agent = fileURLToPath(new URL('../kit/acp/agent.ts', import.meta.url))
let app: App
let folder: string

beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'project'))
  writeFileSync(join(folder, 'secret.txt'), 'not for agents')
  app = await startApp({ runner: true, allowedDirs: [folder] })
})
afterAll(() => app.close())

const launch = (steps: AcpStep[], body: object = {}) =>
  app.call(launchRun, {
    body: {
      prompt: JSON.stringify(steps),
      cwd: join(folder, 'project'),
      runtime: 'acp',
      command: { program: process.execPath, args: [agent, join(folder, 'sessions.json')] },
      ...body
    }
  })
const ended = (run: Run) => untilStatus(app, run.id, 'SUCCEEDED', 'FAILED', 'CANCELLED')
const told = async (run: Run) => (await eventsOf(app, run.id)).map(({ kind, message }) => `${kind}: ${message}`)

async function answer(run: Run, how: typeof approve | typeof deny) {
  await untilStatus(app, run.id, 'WAITING')
  const { data } = await app.call(listApprovals, { query: { status: 'pending', runId: run.id } })
  const [approval] = data
  if (!approval) throw new Error('nothing is asked')
  await app.call(how, { params: { id: approval.id }, body: {} })
  return approval
}

test('an agent by the official SDK works in its folder: it is asked for, writes, runs and reads through us', async () => {
  const run = await launch([{ edit: 'a.txt', content: 'hello\n' }, { shell: 'cat a.txt; exit 3' }, { read: 'a.txt' }])
  expect(await answer(run, approve)).toMatchObject({ tool: 'Edit', subject: 'a.txt', input: { content: 'hello\n' } })
  await vi.waitFor(async () => expect(await told(run)).toContain('tool_result: '), { timeout: 20_000 })
  expect(await answer(run, approve)).toMatchObject({ tool: 'Command', subject: 'cat a.txt; exit 3' })
  expect(await ended(run)).toMatchObject({ error: null, status: 'SUCCEEDED', result: 'hello\n' })
  const events = await eventsOf(app, run.id)
  expect(events.filter(({ kind }) => kind === 'tool_result').map(({ data }) => data)).toMatchObject([
    { diff: { path: 'a.txt', created: true, hunks: [{ lines: ['+hello'] }] } },
    { text: 'hello\n', exitCode: 3 }
  ])
})

test('what it may not, it does not: a refused call, a file outside, a write that nobody was asked about', async () => {
  const steps = [{ edit: 'no.txt', content: 'x' }, { read: '../secret.txt' }, { write: 'sly.txt', content: 'x' }]
  const run = await launch(steps)
  await answer(run, deny)
  await vi.waitFor(async () => expect(await told(run)).toContain('tool_result: '), { timeout: 20_000 })
  expect(await answer(run, deny)).toMatchObject({ tool: 'Write', subject: 'sly.txt' })
  const { result } = await ended(run)
  expect(result).toContain('outside of the folder')
  expect(result).toContain('refused')
  for (const name of ['no.txt', 'sly.txt']) expect(() => readFileSync(join(folder, 'project', name))).toThrow('ENOENT')
})

test('input is read in the next turn, an interruption ends a turn, and a follow-up resumes the session', async () => {
  const run = await launch([{ say: 'at work' }, { work: true }], { permissionMode: 'acceptEdits' })
  await untilStatus(app, run.id, 'RUNNING')
  const text = JSON.stringify([{ write: 'b.txt', content: 'b' }])
  await app.call(addInput, { params: { id: run.id }, body: { text, mode: 'interrupt' } })
  expect(await ended(run)).toMatchObject({ status: 'SUCCEEDED', result: 'written' })
  expect(await told(run)).toContain('system: Interrupted')
  const prompt = JSON.stringify([{ say: 'again' }])
  const next = await app.call(followUpRun, { params: { id: run.id }, body: { prompt } })
  expect(await ended(next)).toMatchObject({
    status: 'SUCCEEDED',
    result: 'again',
    sessionId: (await ended(run)).sessionId
  })
})

test('a run is cancelled while its agent works for ever, and one that goes away in the middle is told', async () => {
  const run = await launch([{ work: true }])
  await untilStatus(app, run.id, 'RUNNING')
  await app.call(cancelRun, { params: { id: run.id } })
  expect((await ended(run)).status).toBe('CANCELLED')
  const gone = await ended(await launch([{ say: 'bye' }, { exit: 5 }]))
  expect(gone.error).toMatchObject({ code: 'AGENT_CRASHED', message: expect.stringContaining('exit code 5') })
})
