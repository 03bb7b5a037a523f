import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeRetention } from '#contract/data'
import { createAgent } from '#contract/fleet/agents'
import type { Assignment } from '#contract/runners/runner-protocol'
import { approve, listApprovals } from '#contract/runs/approvals'
import { cancelRun, getRun, launchRun, listRuns } from '#contract/runs/runs'
import { testClock } from '../../../test/kit/clock.ts'
import { connectDialect, type DialectClient, says } from '../../../test/kit/dialect-client.ts'
import { eventsOf } from '../../../test/kit/events.ts'
import { connectRunner, type Draft, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'

const clock = testClock()
let app: App
let client: DialectClient
let runner: RunnerClient
let agentId: string

beforeAll(async () => {
  app = await startApp({ clock })
  client = await connectDialect(app, '/fleece', 'fleece')
  runner = await connectRunner(app, { capacity: 100 })
  agentId = (await app.call(createAgent, { body: { name: 'Triager', runtime: 'claude-code' } })).id
})
afterAll(() => app.close())

async function claimed(): Promise<Assignment> {
  const [assignment] = await runner.claim(1, 10)
  if (!assignment) throw new Error('nothing to claim')
  return assignment
}

/** The time of day passes; whoever sleeps until then looks again when something tells that duties may be due. */
async function pass(ms: number): Promise<void> {
  clock.set(ms)
  await app.call(changeRetention, { body: {} })
}

const usage = { inputTokens: 1000, outputTokens: 500, cacheReadTokens: 20, cacheWriteTokens: 3 }
const toolUse = {
  type: 'event',
  kind: 'tool_use',
  message: 'Read inbox',
  data: { tool: 'Read', toolUseId: 't', input: { text: '"tool_use"' } }
} as const
const asking = (key: string): Draft => ({
  type: 'approval',
  key,
  kind: 'tool',
  tool: 'Bash',
  toolUseId: key,
  title: 'wants to run a command',
  subject: key,
  input: {},
  reason: null
})
const pendingOf = async ({ runId }: Assignment) =>
  (await app.call(listApprovals, { query: { status: 'pending', runId } })).data
const answersFor = async (assignment: Assignment) =>
  (await runner.commands({ active: [assignment] })).filter(
    command => command.type === 'answer' && command.runId === assignment.runId
  )

const task = 'Summarize my last 5 emails and flag anything urgent'
const execute = (body: object) => client.call('POST', `/api/v1/agents/${agentId}/execute`, body)

test('is answered when it has ended, with its result, its tools and its tokens', async () => {
  const answer = execute({ task, timezone: 'Europe/Paris' })
  const assignment = await claimed()
  expect(assignment.prompt).toMatch(new RegExp(`^${task}.*Europe/Paris`, 's'))
  await runner.send(assignment, { type: 'started' }, toolUse, { type: 'facts', facts: { usage } })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'Nothing is urgent.' })
  expect(await answer).toEqual({
    status: 200,
    body: {
      id: assignment.runId,
      agentId,
      status: 'completed',
      result: 'Nothing is urgent.',
      toolCalls: [{ name: 'Read', summary: 'Read inbox' }],
      tokensUsed: 1523,
      durationMs: expect.any(Number),
      error: null
    }
  })
})

test('may be asked for by a message; one that fails or is cancelled is failed and says why', async () => {
  const failing = execute({ message: task })
  await runner.finish(await claimed(), 'FAILED', { error: { code: 'API_ERROR', message: 'It did not work' } })
  expect(await failing).toMatchObject({ status: 200, body: { status: 'failed', error: 'It did not work' } })
  const cancelled = execute({ task })
  const assignment = await claimed()
  await app.call(cancelRun, { params: { id: assignment.runId } })
  await runner.finish(assignment, 'CANCELLED')
  expect((await cancelled).body).toMatchObject({ status: 'failed', error: 'cancelled' })
})

test('goes on when its client leaves, and is found again under its Idempotency-Key', async () => {
  const leaving = new AbortController()
  const headers = {
    authorization: `Bearer ${client.token}`,
    'content-type': 'application/json',
    'idempotency-key': 'left'
  }
  const ask = (signal?: AbortSignal) =>
    fetch(`${app.url}/fleece/api/v1/agents/${agentId}/execute`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ task }),
      ...(signal ? { signal } : {})
    })
  const answer = ask(leaving.signal)
  const assignment = await claimed()
  leaving.abort()
  await expect(answer).rejects.toThrow()
  const again = ask()
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done' })
  expect(await app.call(getRun, { params: { id: assignment.runId } })).toMatchObject({ status: 'SUCCEEDED' })
  expect(await (await again).json()).toMatchObject({ id: assignment.runId, status: 'completed', result: 'done' })
  expect(await runner.claim(100)).toEqual([])
})

test('takes no for an answer where nobody gives one for ten minutes, and nobody is said to have refused', async () => {
  const answer = execute({ task })
  const assignment = await claimed()
  await runner.send(assignment, { type: 'started' }, asking('k'))
  const { data } = await app.call(listApprovals, { query: { status: 'pending', runId: assignment.runId } })
  const expiresAt = new Date(clock.now() + 600_000).toISOString()
  expect(data).toMatchObject([{ expiresAt, status: 'pending' }])
  const answers = () => answersFor(assignment)
  await pass(599_000)
  expect(await answers()).toEqual([])
  await pass(1000)
  await expect
    .poll(answers)
    .toMatchObject([{ type: 'answer', key: 'k', allow: false, message: expect.stringContaining('Nobody answered') }])
  const told = await app.call(listApprovals, { query: { runId: assignment.runId } })
  expect(told.data).toMatchObject([{ status: 'expired', decidedBy: null, denyReason: null }])
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('RUNNING')
  await runner.finish(assignment, 'SUCCEEDED', { result: 'without it' })
  expect((await answer).body).toMatchObject({ status: 'completed', result: 'without it' })
})

test('needs a task, and a time zone that there is', async () => {
  const before = (await app.call(listRuns)).pagination.total
  expect(await execute({})).toEqual({ status: 400, body: { error: 'task is required' } })
  expect(await execute({ task, timezone: 'Mars/Olympus' })).toEqual({ status: 400, body: says('timezone', 'IANA') })
  expect(await execute({ task: 5 })).toMatchObject({ status: 400, body: says('task') })
  expect((await app.call(listRuns)).pagination.total).toBe(before)
})

test('asks again for nothing that was answered for want of an answer, when its runner was lost and comes back', async () => {
  const answer = execute({ task })
  const assignment = await claimed()
  await runner.send(assignment, { type: 'started' }, asking('a'))
  await pass(300_000)
  await runner.send(assignment, asking('b'))
  await pass(300_000)
  await expect.poll(async () => (await pendingOf(assignment)).map(({ subject }) => subject)).toEqual(['b'])
  clock.advance(61_000)
  await app.call(changeRetention, { body: {} })
  expect((await answer).body).toMatchObject({ status: 'failed', error: expect.stringMatching(/runner/) })
  await runner.send(assignment, toolUse)
  expect(await app.call(getRun, { params: { id: assignment.runId } })).toMatchObject({ status: 'WAITING' })
  const [open, ...others] = await pendingOf(assignment)
  expect([open?.subject, others]).toEqual(['b', []])
  await app.call(approve, { params: { id: open?.id ?? '' } })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'after all' })
})

test('leaves a folder untrusted that nobody spoke of in time, and the next run asks about it again', async () => {
  const found: Draft = {
    ...(asking('trust') as Extract<Draft, { type: 'approval' }>),
    kind: 'trust',
    input: { folder: '/work-here/x', runtime: 'claude-code', content: 'a'.repeat(64), acts: [], files: [] }
  }
  const answer = execute({ task })
  const assignment = await claimed()
  await runner.send(assignment, found)
  await pass(600_000)
  await expect.poll(() => answersFor(assignment)).toMatchObject([{ allow: false }])
  const said = (await eventsOf(app, assignment.runId)).map(({ message }) => message)
  expect(said).toContain('Goes on without the settings of this folder. Nobody answered in time')
  await runner.finish(assignment, 'SUCCEEDED')
  await answer
  const { id } = await app.call(launchRun, { body: { prompt: 'x', agentId } })
  const next = await runner.take(id)
  await runner.send(next, found)
  expect(await pendingOf(next)).toMatchObject([{ kind: 'trust', expiresAt: null }])
  await runner.finish(next, 'CANCELLED')
})

test('keeps nobody waiting whose control plane stops: the run goes on', async () => {
  const answer = execute({ task }).catch(() => null)
  const assignment = await claimed()
  await app.restart()
  const told = await answer
  if (told) expect(told).toMatchObject({ status: 503, body: says('the run goes on') })
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('CLAIMED')
  runner = await connectRunner(app, { capacity: 100 })
})
