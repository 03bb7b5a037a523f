import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Agent, createAgent, stopAgent } from '#contract/fleet/agents'
import { approve, listApprovals } from '#contract/runs/approvals'
import { getRun } from '#contract/runs/runs'
import { listMessages, sendMessage } from '#contract/work/messages'
import {
  changeEpic,
  changeTask,
  createEpic,
  createTask,
  deleteEpic,
  deleteTask,
  getTask,
  listEpics,
  listTasks,
  runTask,
  type Task
} from '#contract/work/tasks'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
let agent: Agent
let made = 0

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 100 })
  agent = await app.call(createAgent, { body: { name: 'Worker' } })
})
afterAll(() => app.close())

const make = (more: Record<string, unknown> = {}): Promise<Task> =>
  app.call(createTask, { body: { title: `Task ${++made}`, input: 'do it', assigneeId: agent.id, ...more } })
const path = (task: Task) => ({ params: { id: task.id } })
const read = (task: Task) => app.call(getTask, path(task))

async function started(task: Task) {
  const run = await app.call(runTask, path(task))
  const assignment = await runner.take(run.id)
  await runner.send(assignment, { type: 'started' })
  return { run, assignment }
}

describe('a task', () => {
  test('runs as a run of its assignee, waits when that waits, and ends with its result', async () => {
    const task = await make({ priority: 'high' })
    expect(task).toMatchObject({ status: 'pending', priority: 'high', runId: null, blockedBy: [] })
    const { run, assignment } = await started(task)
    expect(run).toMatchObject({ agentId: agent.id, taskId: task.id, trigger: 'task', input: 'do it' })
    expect(await read(task)).toMatchObject({ status: 'running', runId: run.id, startedAt: expect.any(String) })
    await runner.send(assignment, {
      type: 'approval',
      key: 'k',
      kind: 'tool',
      tool: 'Bash',
      toolUseId: null,
      title: 'wants to run a command',
      subject: 'ls',
      input: {},
      reason: null
    })
    expect((await read(task)).status).toBe('waiting')
    const { data } = await app.call(listApprovals, { query: { status: 'pending', runId: run.id } })
    await app.call(approve, { params: { id: data[0]?.id ?? '' } })
    const usage = { inputTokens: 5, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 }
    await runner.send(assignment, { type: 'facts', facts: { usage, costUsd: 0.5 } })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'shipped' })
    const done = await read(task)
    expect(done).toMatchObject({ status: 'done', output: 'shipped', error: null, tokens: 12, costUsd: 0.5 })
    expect(done.log.map(entry => entry.type)).toEqual(expect.arrayContaining(['created', 'running', 'waiting', 'done']))
  })

  test('that fails says why, and can be run again', async () => {
    const task = await make()
    const { assignment } = await started(task)
    await runner.finish(assignment, 'FAILED', { error: { code: 'MODEL_ERROR', message: 'the model said no' } })
    expect(await read(task)).toMatchObject({ status: 'error', error: 'the model said no', output: null })
    const again = await started(task)
    expect(await read(task)).toMatchObject({ status: 'running', error: null })
    await runner.finish(again.assignment, 'SUCCEEDED', { result: 'ok' })
  })

  test('that many try to run at once runs once', async () => {
    const task = await make()
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => app.request('POST', `/api/v1/tasks/${task.id}/run`, { body: {} }))
    )
    expect(tries.map(one => one.status).sort()).toEqual([201, 409, 409, 409, 409])
    expect(tries.find(one => one.status === 409)?.error.code).toBe('TASK_RUNNING')
    await expect(app.call(deleteTask, path(task))).rejects.toThrow('TASK_RUNNING')
  })

  test('put back to pending is stopped, and its run no longer speaks for it', async () => {
    const task = await make()
    const { run, assignment } = await started(task)
    await app.call(changeTask, { ...path(task), body: { status: 'pending' } })
    expect(await app.call(getRun, { params: { id: run.id } })).toMatchObject({ stopping: 'asked' })
    await runner.finish(assignment, 'CANCELLED')
    expect(await read(task)).toMatchObject({ status: 'pending', runId: null, error: null })
  })

  test('waits for those that it depends on, and never for itself', async () => {
    const first = await make()
    const second = await make({ dependsOn: [first.id] })
    expect(second.blockedBy).toEqual([first.id])
    await expect(app.call(runTask, path(second))).rejects.toThrow('TASK_BLOCKED')
    await expect(app.call(changeTask, { ...path(first), body: { dependsOn: [second.id] } })).rejects.toThrow('CIRCLE')
    await expect(make({ dependsOn: ['nothing'] })).rejects.toThrow('UNKNOWN_TASK')
    await app.call(changeTask, { ...path(first), body: { status: 'done' } })
    expect((await read(second)).blockedBy).toEqual([])
    const { assignment } = await started(second)
    await runner.finish(assignment, 'SUCCEEDED')
  })

  test('cannot be said to run by hand, nor run by a paused agent or by nobody', async () => {
    const task = await make()
    await expect(app.call(changeTask, { ...path(task), body: { status: 'running' } })).rejects.toThrow('status')
    const paused = await app.call(createAgent, { body: { name: 'Paused' } })
    await app.call(stopAgent, { params: { id: paused.id } })
    await expect(app.call(runTask, path(await make({ assigneeId: paused.id })))).rejects.toThrow('AGENT_PAUSED')
    await expect(app.call(runTask, path(await make({ assigneeId: null })))).rejects.toThrow('assigneeId')
  })

  test('is listed newest first, by status and assignee, and counted', async () => {
    const other = await app.call(createAgent, { body: { name: 'Other' } })
    const mine = [await make({ assigneeId: other.id }), await make({ assigneeId: other.id })]
    const { data, pagination } = await app.call(listTasks, { query: { assigneeId: other.slug, status: 'pending' } })
    expect(data.map(task => task.id)).toEqual(mine.map(task => task.id).reverse())
    expect(pagination.total).toBe(2)
    await app.call(deleteTask, path(mine[0] as Task))
    expect((await app.call(listTasks, { query: { assigneeId: other.id } })).pagination.total).toBe(1)
  })

  test('is found by its priority, by words of its title and by its number, and counted', async () => {
    const found = async (query: Record<string, string>) => {
      const { data, pagination } = await app.call(listTasks, { query })
      expect(pagination.total).toBe(data.length)
      return data.map(task => task.title)
    }
    const sale = await make({ title: 'Sale of 100% (a_b)', priority: 'low' })
    await make({ title: 'Sale of 1000', priority: 'high' })
    expect(await found({ search: 'SALE', priority: 'high' })).toEqual(['Sale of 1000'])
    expect(await found({ search: 'sale 100%' })).toEqual([sale.title])
    expect(await found({ search: 'a_b' })).toEqual([sale.title])
    expect(await found({ search: 'axb' })).toEqual([])
    expect(await found({ search: `#${sale.number}` })).toEqual([sale.title])
    expect(await found({ search: `t-${sale.number} sale` })).toEqual([sale.title])
  })

  test.each([
    [{ input: 'x' }, 'title'],
    [{ title: 'x' }, 'input'],
    [{ title: 'x', input: 'x', priority: 'urgent' }, 'priority'],
    [{ title: 'x', input: 'x', assigneeId: 'nobody' }, 'assigneeId'],
    [{ title: 'x', input: 'x', epicId: 'nothing' }, 'epicId']
  ])('%j is refused with the field %s', async (body, field) => {
    const answer = await app.request('POST', createTask.path, { body })
    expect([answer.status, answer.error.field]).toEqual([400, field])
  })
})

test('an epic counts its tasks and those done, and leaves them when it goes', async () => {
  const epic = await app.call(createEpic, { body: { title: 'Refunds' } })
  const task = await make({ epicId: epic.id })
  await make({ epicId: epic.id })
  await app.call(changeTask, { ...path(task), body: { status: 'done' } })
  const find = async () => (await app.call(listEpics)).data.find(one => one.id === epic.id)
  expect(await find()).toMatchObject({ tasks: 2, done: 1 })
  await app.call(changeEpic, { params: { id: epic.id }, body: { title: 'Refunds 2' } })
  expect(await find()).toMatchObject({ title: 'Refunds 2' })
  await app.call(deleteEpic, { params: { id: epic.id } })
  expect(await find()).toBeUndefined()
  expect((await read(task)).epicId).toBeNull()
})

test('an epic tells which agents have open tasks of it, each once', async () => {
  const epic = await app.call(createEpic, { body: { title: 'Who is at it' } })
  const other = await app.call(createAgent, { body: { name: 'Other worker' } })
  const find = async () => (await app.call(listEpics)).data.find(one => one.id === epic.id)?.agentIds
  expect(epic.agentIds).toEqual([])
  await make({ epicId: epic.id })
  const task = await make({ epicId: epic.id })
  await make({ epicId: epic.id, assigneeId: null })
  const others = await make({ epicId: epic.id, assigneeId: other.id })
  expect(new Set(await find())).toEqual(new Set([agent.id, other.id]))
  await app.call(changeTask, { ...path(others), body: { status: 'done' } })
  await app.call(changeTask, { ...path(task), body: { status: 'error' } })
  expect(await find()).toEqual([agent.id])
  expect((await app.call(changeEpic, { params: { id: epic.id }, body: { title: 'Still' } })).agentIds).toEqual([
    agent.id
  ])
})

describe('the bus', () => {
  test('carries what happened to tasks and what was asked, from whom and to whom', async () => {
    const task = await make()
    const { run, assignment } = await started(task)
    await runner.send(assignment, { type: 'event', kind: 'tool_result', message: '12 files', data: {} })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'shipped' })
    const { data } = await app.call(listMessages, { query: { agent: agent.id, limit: 50 } })
    const own = data.filter(message => message.taskId === task.id)
    expect(own.map(message => message.type)).toEqual(['task.done', 'tool.result', 'task.started'])
    expect(own[0]).toMatchObject({ from: agent.id, to: 'user', text: 'shipped', runId: run.id })
  })

  test('takes messages of people, filters and pages', async () => {
    const sent = await app.call(sendMessage, { body: { to: agent.slug, text: 'Ship it today' } })
    expect(sent).toMatchObject({ type: 'agent.message', from: 'user', to: agent.id })
    const found = await app.call(listMessages, { query: { type: 'agent.message', since: sent.createdAt } })
    expect(found.data.map(message => message.id)).toContain(sent.id)
    expect((await app.call(listMessages, { query: { until: '2020-01-01T00:00:00Z' } })).data).toEqual([])
    expect((await app.request('GET', '/api/v1/messages?type=nonsense')).error.field).toBe('type')
    const nobody = await app.request('POST', sendMessage.path, { body: { to: 'nobody', text: 'x' } })
    expect(nobody.error.field).toBe('to')
  })
})
