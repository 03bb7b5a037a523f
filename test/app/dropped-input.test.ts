import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assignment, Outcome } from '#contract/runners/runner-protocol'
import {
  addInput,
  cancelRun,
  deleteInput,
  followUpRun,
  forkRun,
  getRun,
  launchRun,
  listInputs
} from '#contract/runs/runs'
import { eventsOf } from '../kit/events.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
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
  await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: assignment.runId } })
  return assignment
}

const add = (id: string, text: string) => app.call(addInput, { params: { id }, body: { text } })
const inputs = async (id: string) => (await app.call(listInputs, { params: { id } })).data
const find = (id: string) => app.call(getRun, { params: { id } })
const followUp = (id: string) => app.call(followUpRun, { params: { id }, body: { prompt: 'and then' } })

test.each<Outcome>(['FAILED', 'CANCELLED', 'TIMED_OUT', 'LOST', 'SUCCEEDED'])(
  'what nobody read before a run is %s is dropped, told, and kept for a follow-up',
  async outcome => {
    const assignment = await running()
    const id = assignment.runId
    await add(id, 'first')
    await add(id, 'second')
    await runner.finish(assignment, outcome, { error: { code: 'X', message: 'x' } })
    expect((await inputs(id)).map(({ text, status }) => [text, status])).toEqual([
      ['first', 'dropped'],
      ['second', 'dropped']
    ])
    const told = (await eventsOf(app, id)).filter(event => event.data.subtype === 'input_dropped')
    expect(told).toMatchObject([{ message: expect.stringContaining('2 messages'), data: { inputs: [1, 2] } }])
    await app.call(deleteInput, { params: { id, n: 1 } })
    expect((await inputs(id)).map(({ text }) => text)).toEqual(['second'])
  }
)

test('what was read is not dropped, and a run without input says nothing of it', async () => {
  const assignment = await running()
  await add(assignment.runId, 'read')
  await runner.send(assignment, { type: 'turn' })
  await runner.finish(assignment, 'SUCCEEDED')
  expect(await inputs(assignment.runId)).toEqual([])
  const subtypes = (await eventsOf(app, assignment.runId)).map(event => event.data.subtype)
  expect(subtypes).not.toContain('input_dropped')
})

test('input of a run that is cancelled while it is queued is dropped too', async () => {
  const run = await app.call(launchRun, { body: { prompt: 'x' } })
  await add(run.id, 'never')
  await app.call(cancelRun, { params: { id: run.id }, body: {} })
  expect(await inputs(run.id)).toMatchObject([{ text: 'never', status: 'dropped' }])
})

test('while work goes on after a turn, input is taken and its runner is told', async () => {
  const assignment = await running()
  const id = assignment.runId
  expect(await runner.send(assignment, { type: 'turn', open: true })).toMatchObject({ next: null })
  await add(id, 'more')
  expect(await runner.commands({ active: [assignment] })).toContainEqual(
    expect.objectContaining({ type: 'input', runId: id })
  )
  expect(await runner.send(assignment, { type: 'turn', open: true })).toMatchObject({ next: 'more' })
  expect(await runner.send(assignment, { type: 'turn' })).toMatchObject({ next: null })
  await expect(add(id, 'too late')).rejects.toThrow('RUN_ENDED')
  await runner.finish(assignment, 'SUCCEEDED')
})

test('a run that takes input is not followed up', async () => {
  const assignment = await running()
  await expect(followUp(assignment.runId)).rejects.toThrow('RUN_NOT_ENDED')
  await runner.finish(assignment, 'SUCCEEDED')
})

const leaving: [string, (assignment: Assignment) => Promise<unknown>][] = [
  ['whose last turn is over', assignment => runner.send(assignment, { type: 'turn' })],
  ['that is being stopped', ({ runId }) => app.call(cancelRun, { params: { id: runId }, body: {} })]
]

test.each(leaving)('a run %s takes no input but a follow-up, which begins when it has ended', async (_, leave) => {
  const assignment = await running()
  const id = assignment.runId
  await leave(assignment)
  await expect(add(id, 'too late')).rejects.toThrow('RUN_ENDED')
  const child = await followUp(id)
  const { number } = await find(id)
  expect(child).toMatchObject({ status: 'QUEUED', statusReason: `Waits for the end of run ${number}`, parentRunId: id })
  expect((await runner.claim(100)).map(({ runId }) => runId)).not.toContain(child.id)
  await expect(followUp(id)).rejects.toThrow('RUN_NOT_ENDED')
  await runner.finish(assignment, 'SUCCEEDED')
  expect(await runner.take(child.id)).toMatchObject({ resume: { sessionId: id, fork: false } })
})

test('a parked runner takes the follow-up as soon as the run has ended', async () => {
  const assignment = await running()
  await runner.send(assignment, { type: 'turn' })
  const child = await app.call(forkRun, { params: { id: assignment.runId }, body: { prompt: 'another way' } })
  const claimed = runner.claim(1, 30)
  await runner.finish(assignment, 'FAILED', { error: { code: 'X', message: 'x' } })
  expect(await claimed).toMatchObject([{ runId: child.id, resume: { fork: true } }])
})

const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 })

test('a run that continues a session is told what that had used in all, also after one that was retried', async () => {
  const assignment = await running()
  const sessionTotals = { usage: usage(100), costUsd: 0.1 }
  await runner.send(assignment, { type: 'facts', facts: { sessionTotals, usage: usage(100) } })
  await runner.finish(assignment, 'SUCCEEDED')
  const child = await followUp(assignment.runId)
  const second = await runner.take(child.id)
  expect(second.resume).toEqual({ sessionId: assignment.runId, fork: false, cwd: null, totals: sessionTotals })
  const more = { usage: usage(250), costUsd: 0.25 }
  await runner.send(second, { type: 'started' })
  await runner.send(second, { type: 'facts', facts: { sessionId: assignment.runId, sessionTotals: more } })
  await runner.finish(second, 'FAILED', { error: { code: 'X', message: 'x' } })
  const fork = await app.call(forkRun, { params: { id: assignment.runId }, body: { prompt: 'from the first' } })
  expect((await runner.take(fork.id)).resume).toMatchObject({ fork: true, totals: more })
  expect((await find(child.id)).status).toBe('FAILED')
})
