import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey, deleteKey } from '#contract/people/keys'
import { approve, listApprovals } from '#contract/runs/approvals'
import { cancelRun, getRun } from '#contract/runs/runs'
import { getTask as getOurTask } from '#contract/work/tasks'
import { connectDialect, type DialectClient, isoTime, says } from '../../../test/kit/dialect-client.ts'
import { readStream } from '../../../test/kit/events.ts'
import { connectRunner, type Draft, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'

let app: App
let runner: RunnerClient
let client: DialectClient
let made = 0

beforeAll(async () => {
  app = await startApp({ args: ['--limits', 'fleetrun=0'] })
  runner = await connectRunner(app, { capacity: 100 })
  client = await connectDialect(app, '/fleetrun', 'fleetrun')
}, 60_000)
afterAll(() => app.close())

const call: DialectClient['call'] = (...parts) => client.call(...parts)
const run = (taskId: string) => client.stream('/api/run', { taskId })

async function makeTask() {
  const who = { name: `Support ${++made}`, role: 'x', model: 'claude-sonnet-4-5', provider: 'anthropic', glyph: '🤖' }
  const { id: assignee } = (await call('POST', '/api/agents', who)).body
  const { id } = (await call('POST', '/api/tasks', { title: 'Refund', input: 'Refund order 42', assignee })).body
  return { id, assignee }
}

const say = (kind: 'assistant' | 'thinking' | 'tool_use' | 'tool_result', message: string, data = {}): Draft => ({
  type: 'event',
  kind,
  message,
  data
})

async function claimed() {
  const [assignment] = await runner.claim(1, 10)
  if (!assignment) throw new Error('nothing to claim')
  await runner.send(assignment, { type: 'started' })
  return assignment
}

test('streams thinking, tool calls, their results and output, and ends when the run ends', async () => {
  const { id, assignee } = await makeTask()
  const stream = run(id)
  const assignment = await claimed()
  expect((await call('GET', `/api/agents/${assignee}`)).body.status).toBe('running')
  expect((await call('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'running', startedAt: isoTime })
  await runner.send(
    assignment,
    say('thinking', 'Where is the order?'),
    say('tool_use', 'Read orders.csv', { toolUseId: 't', tool: 'Read' }),
    say('tool_result', 'id,total', { toolUseId: 't', text: 'id,total\n42,10' }),
    say('assistant', 'Refunded.')
  )
  const usage = { inputTokens: 5, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 }
  await runner.send(assignment, { type: 'facts', facts: { usage, costUsd: 0.5, model: 'claude-sonnet-4-5' } })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'Refunded.' })
  const frames = await stream
  expect(frames.every(frame => frame.event === 'message')).toBe(true)
  expect(frames.map(frame => JSON.parse(frame.data))).toEqual([
    { type: 'thinking', text: 'Where is the order?' },
    { type: 'tool_call', text: 'Read orders.csv' },
    { type: 'tool_result', text: 'id,total\n42,10' },
    { type: 'output', text: 'Refunded.' }
  ])
  const done = (await call('GET', `/api/tasks/${id}`)).body
  expect(done).toMatchObject({ status: 'done', output: 'Refunded.', error: null, tokens: 12, finishedAt: isoTime })
  expect((done.log as unknown[]).length).toBeGreaterThan(2)
})

test('a result that was not said before comes as output', async () => {
  const { id } = await makeTask()
  const stream = run(id)
  await runner.finish(await claimed(), 'SUCCEEDED', { result: 'Only at the end.' })
  expect((await stream).map(frame => JSON.parse(frame.data))).toEqual([{ type: 'output', text: 'Only at the end.' }])
})

test('what fails ends with an error, and the task says why', async () => {
  const { id } = await makeTask()
  const stream = run(id)
  await runner.finish(await claimed(), 'FAILED', { error: { code: 'MODEL_ERROR', message: 'the model said no' } })
  expect((await stream).map(frame => JSON.parse(frame.data))).toEqual([{ type: 'error', text: 'the model said no' }])
  expect((await call('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'error', error: 'the model said no' })
})

test('what is cancelled ends with an error', async () => {
  const { id } = await makeTask()
  const stream = run(id)
  const assignment = await claimed()
  await app.call(cancelRun, { params: { id: assignment.runId } })
  await runner.finish(assignment, 'CANCELLED')
  expect((await stream).map(frame => JSON.parse(frame.data))).toEqual([{ type: 'error', text: 'cancelled' }])
  expect((await call('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'error', error: 'cancelled' })
})

test('it waits while a person is asked', async () => {
  const { id } = await makeTask()
  const stream = run(id)
  const assignment = await claimed()
  const ask = { key: 'k', kind: 'tool', tool: 'Bash', title: 'wants to run', subject: 'ls' } as const
  await runner.send(assignment, { type: 'approval', ...ask, toolUseId: null, input: {}, reason: null })
  expect((await call('GET', `/api/tasks/${id}`)).body.status).toBe('waiting')
  const { data } = await app.call(listApprovals, { query: { runId: assignment.runId } })
  await app.call(approve, { params: { id: data[0]?.id ?? '' } })
  await runner.finish(assignment, 'SUCCEEDED')
  await stream
})

test('a client that leaves does not stop the run', async () => {
  const { id } = await makeTask()
  const left = new AbortController()
  const answer = await fetch(`${app.url}/fleetrun/api/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ taskId: id }),
    signal: left.signal
  })
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  left.abort()
  const assignment = await claimed()
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done alone' })
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('SUCCEEDED')
  expect((await call('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'done', output: 'done alone' })
})

test('a running task and one of a paused or archived agent are refused with 409', async () => {
  const { id, assignee } = await makeTask()
  const stream = run(id)
  const assignment = await claimed()
  expect(await call('POST', '/api/run', { taskId: id })).toEqual({ status: 409, body: says('runs already') })
  await runner.finish(assignment, 'SUCCEEDED')
  await stream
  for (const status of ['paused', 'archived']) {
    await call('PATCH', `/api/agents/${assignee}`, { status })
    expect(await call('POST', '/api/run', { taskId: id })).toEqual({ status: 409, body: says(status) })
  }
})

test('it needs a task that exists', async () => {
  expect(await call('POST', '/api/run', {})).toEqual({ status: 400, body: says('^taskId: is missing') })
  expect(await call('POST', '/api/run', { taskId: 'nothing' })).toEqual({ status: 404, body: says('no task') })
})

test('sent again with its Idempotency-Key it follows the same run', async () => {
  const { id } = await makeTask()
  const headers = { 'idempotency-key': 'once' }
  const follow = () => client.stream('/api/run', { taskId: id }, headers)
  const first = follow()
  const assignment = await claimed()
  const second = follow()
  await runner.finish(assignment, 'SUCCEEDED', { result: 'once' })
  expect(await second).toEqual(await first)
  expect(await app.call(getOurTask, { params: { id } })).toMatchObject({ runId: assignment.runId, status: 'done' })
})

test('a token that is revoked hears no more; the run goes on', async () => {
  const other = await app.call(createKey, { body: { name: 'other', style: 'fleetrun' } })
  const { id } = await makeTask()
  const stream = readStream(
    { url: app.url, ownerToken: other.key },
    '/fleetrun/api/run',
    () => false,
    {},
    { taskId: id }
  )
  const assignment = await claimed()
  await runner.send(assignment, say('assistant', 'before'))
  await app.call(deleteKey, { params: { id: other.id } })
  const frames = await stream
  await runner.send(assignment, say('assistant', 'after'))
  expect(JSON.stringify(frames)).not.toContain('after')
  await runner.finish(assignment, 'SUCCEEDED', { result: 'alone' })
  expect((await call('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'done', output: 'alone' })
})
