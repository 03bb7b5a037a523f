import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { addInput, changeInput, deleteInput, launchRun, listInputs, maxQueuedInputs } from '#contract/runs/runs'
import { eventsOf } from '../kit/events.ts'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app)
})
afterAll(() => app.close())

async function running(): Promise<Assignment> {
  const { id } = await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.take(id)
  await runner.send(assignment, { type: 'started' })
  return assignment
}

const add = (id: string, text: string, mode = 'queue') => app.call(addInput, { params: { id }, body: { text, mode } })
const texts = async (id: string) => (await app.call(listInputs, { params: { id } })).data.map(input => input.text)

test('queued input is read when the turn ends, in order, and stands in the log then', async () => {
  const assignment = await running()
  await add(assignment.runId, 'first')
  await add(assignment.runId, 'second')
  expect(await runner.send(assignment, { type: 'turn' })).toMatchObject({ next: 'first' })
  expect(await texts(assignment.runId)).toEqual(['second'])
  expect(await runner.send(assignment, { type: 'turn' })).toMatchObject({ next: 'second' })
  expect(await runner.send(assignment, { type: 'turn' })).toMatchObject({ next: null })
  const users = (await eventsOf(app, assignment.runId)).filter(event => event.kind === 'user')
  expect(users.map(event => event.message)).toEqual(['x', 'first', 'second'])
})

test('after the last turn no input is taken, so none can be lost', async () => {
  const assignment = await running()
  await runner.send(assignment, { type: 'turn' })
  await expect(add(assignment.runId, 'too late')).rejects.toThrow('RUN_ENDED')
})

test('a turn that is told twice, because the answer was lost, gets the same input', async () => {
  const assignment = await running()
  await add(assignment.runId, 'only one')
  await add(assignment.runId, 'another')
  const turn = { type: 'turn', n: 2, ts: new Date().toISOString() }
  const body = {
    runnerId: runner.runnerId,
    incarnation: runner.incarnation,
    attempt: assignment.attempt,
    items: [turn]
  }
  const path = `/api/v1/runner/runs/${assignment.runId}/events`
  expect((await app.request('POST', path, { body })).body).toEqual({ acked: 2, next: 'only one' })
  expect((await app.request('POST', path, { body })).body).toEqual({ acked: 2, next: 'only one' })
  expect(await texts(assignment.runId)).toEqual(['another'])
})

test('an interruption comes first and stops the turn', async () => {
  const assignment = await running()
  await add(assignment.runId, 'later')
  await add(assignment.runId, 'now', 'interrupt')
  expect(await texts(assignment.runId)).toEqual(['now', 'later'])
  expect(await runner.commands({ active: [assignment] })).toContainEqual(
    expect.objectContaining({ type: 'interrupt', runId: assignment.runId })
  )
})

test('queued input can be edited, moved and taken back, but not once it is read', async () => {
  const assignment = await running()
  const id = assignment.runId
  const a = await add(id, 'a')
  const b = await add(id, 'b')
  const c = await add(id, 'c')
  await app.call(changeInput, { params: { id, n: c.n }, body: { before: a.n } })
  await app.call(changeInput, { params: { id, n: a.n }, body: { text: 'A', before: null } })
  expect(await texts(id)).toEqual(['c', 'b', 'A'])
  await app.call(deleteInput, { params: { id, n: b.n } })
  await runner.send(assignment, { type: 'turn' })
  expect(await texts(id)).toEqual(['A'])
  await expect(app.call(deleteInput, { params: { id, n: c.n } })).rejects.toThrow('INPUT_DELIVERED')
  await expect(app.call(deleteInput, { params: { id, n: 99 } })).rejects.toThrow('NOT_FOUND')
})

test('the queue is bounded', async () => {
  const { runId } = await running()
  for (let n = 0; n < maxQueuedInputs; n++) await add(runId, `input ${n}`)
  await expect(add(runId, 'one too many')).rejects.toThrow('LIMIT_REACHED')
})

test('a program that only prints lines takes no input', async () => {
  const other = await connectRunner(app, { runtimes: [report('command')] })
  const launchCommand = (output: string) =>
    app.call(launchRun, {
      body: { prompt: 'x', runtime: 'command', command: { program: 'cat', output }, runnerId: other.runnerId }
    })
  const lines = await launchCommand('lines')
  const events = await launchCommand('events')
  await other.claim(2)
  await expect(add(lines.id, 'hello')).rejects.toThrow('NOT_SUPPORTED')
  expect(await add(events.id, 'hello')).toMatchObject({ status: 'queued' })
})
