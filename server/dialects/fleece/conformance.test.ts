import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeRetention } from '#contract/data'
import { createAgent } from '#contract/fleet/agents'
import { createMcp } from '#contract/fleet/mcps'
import { approve, deny, listApprovals } from '#contract/runs/approvals'
import { cancelRun } from '#contract/runs/runs'
import { getFlowRun as getOurFlowRun } from '#contract/work/flow-runs'
import { changeFlow, createFlow } from '#contract/work/flows'
import { testClock } from '../../../test/kit/clock.ts'
import {
  connectDialect,
  type DialectClient,
  isoTime,
  says,
  type Thing,
  uuid
} from '../../../test/kit/dialect-client.ts'
import { connectRunner, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'

/** Before the clocks of Paris are changed, which the next Monday comes after. */
const clock = testClock(Date.parse('2026-03-27T12:00:00Z'))
let app: App
let client: DialectClient
let runner: RunnerClient
let agentId: string

beforeAll(async () => {
  app = await startApp({ clock, undoMs: 0, args: ['--limits', 'fleece=0'] })
  client = await connectDialect(app, '/fleece', 'fleece')
  runner = await connectRunner(app, { capacity: 100 })
  const wish = { name: 'Triager', runtime: 'claude-code', model: 'gpt-5.2', provider: 'openai' }
  agentId = (await app.call(createAgent, { body: wish })).id
})
afterAll(() => app.close())

const call: DialectClient['call'] = (...parts) => client.call(...parts)

async function claimed() {
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

describe('agents', () => {
  test('are listed in data with their number, and told one by one as in the document', async () => {
    const own = {
      name: 'Email Triager',
      description: 'Categorizes and summarizes incoming emails',
      model: 'gpt-5.2',
      provider: 'openai',
      capabilities: ['email-assistant', 'summarizer']
    }
    const { id } = await app.call(createAgent, { body: { ...own, glyph: '📧', tags: ['email'] } })
    const counts = { totalTasksCompleted: 0, totalTasksFailed: 0, averageExecutionTime: 0, lastActiveAt: null }
    const times = { createdAt: isoTime, updatedAt: isoTime }
    const agent = { id, ...own, type: 'email', icon: '📧', isActive: true, ...counts, ...times }
    const { body } = await call<{ data: Thing[]; total: number }>('GET', '/api/v1/agents')
    expect(body.total).toBe(body.data.length)
    expect(body.data).toContainEqual(agent)
    for (const name of [id, 'email-triager'])
      expect(await call('GET', `/api/v1/agents/${name}`)).toEqual({ status: 200, body: agent })
  })

  test('count what they did, and how long that took', async () => {
    const name = 'Counted'
    const { id } = await app.call(createAgent, { body: { name, runtime: 'claude-code' } })
    expect((await call('GET', `/api/v1/agents/${id}`)).body).toMatchObject({ type: 'general', lastActiveAt: null })
    for (const outcome of ['SUCCEEDED', 'FAILED'] as const) {
      const answer = call('POST', `/api/v1/agents/${id}/execute`, { task: 'x' })
      const assignment = await claimed()
      await runner.send(assignment, { type: 'started' })
      clock.set(12_000)
      await runner.finish(assignment, outcome)
      await answer
    }
    const counts = { totalTasksCompleted: 1, totalTasksFailed: 1, averageExecutionTime: 12, lastActiveAt: isoTime }
    expect((await call('GET', `/api/v1/agents/${id}`)).body).toMatchObject(counts)
  })

  test('that are not there are 404 in the very words', async () => {
    for (const path of ['/agents/nobody', '/flows/none', '/flows/none/runs', '/nothing'])
      expect(await call('GET', `/api/v1${path}`)).toEqual({ status: 404, body: { error: 'Not found' } })
  })
})

describe('flows', () => {
  const make = async (more: object = {}) =>
    (await app.call(createFlow, { body: { title: 'Sweep', prompt: 'sweep it', agentId, ...more } })).id
  const trigger = (id: string) => call('POST', `/api/v1/flows/${id}/trigger`)
  const runOf = async (flowId: string, id: string) => (await call('GET', `/api/v1/flows/${flowId}/runs/${id}`)).body
  const becomes = (flowId: string, id: string, expected: object) =>
    expect.poll(() => runOf(flowId, id)).toMatchObject(expected)

  test('are listed in data with their number, and told one by one as in the document', async () => {
    const { id: mcpId } = await app.call(createMcp, { body: { name: 'gmail', transport: 'stdio', command: 'x' } })
    const id = await make({
      title: 'Weekly Gmail Summary to Slack',
      description: 'Every Monday at 9 AM, summarize unread emails and post to #general',
      icon: '📊',
      cronExpression: '0 9 * * 1',
      timezone: 'Europe/Paris',
      mode: 'always_ask',
      mcpIds: [mcpId],
      estimatedHumanMinutes: 15
    })
    const flow = {
      id,
      title: 'Weekly Gmail Summary to Slack',
      description: 'Every Monday at 9 AM, summarize unread emails and post to #general',
      icon: '📊',
      cronExpression: '0 9 * * 1',
      scheduleDescription: expect.stringMatching(/Monday/),
      timezone: 'Europe/Paris',
      mode: 'always_ask',
      status: 'active',
      model: 'gpt-5.2',
      integrations: ['gmail'],
      isRunning: false,
      estimatedHumanMinutes: 15,
      lastRunAt: null,
      nextRunAt: '2026-03-30T07:00:00.000Z',
      totalRuns: 0,
      totalFailures: 0,
      createdAt: isoTime,
      updatedAt: isoTime
    }
    expect(await call('GET', `/api/v1/flows/${id}`)).toEqual({ status: 200, body: flow })
    const { body } = await call<{ data: Thing[]; total: number }>('GET', '/api/v1/flows')
    expect(body.total).toBe(body.data.length)
    expect(body.data).toContainEqual(flow)
    const page = (await call<{ data: Thing[]; total: number }>('GET', '/api/v1/flows?limit=1')).body
    expect(page).toEqual({ data: [body.data[0]], total: body.total })
    await app.call(changeFlow, { params: { id }, body: { status: 'archived' } })
    expect((await call('GET', `/api/v1/flows/${id}`)).body).toMatchObject({ status: 'paused', nextRunAt: null })
  })

  test('one is triggered, runs, and tells what came of it', async () => {
    const id = await make()
    const run = {
      id: uuid,
      flowId: id,
      status: 'approved',
      startedAt: null,
      completedAt: null,
      durationMs: null,
      resultSummary: null,
      resultData: null,
      toolCalls: [],
      tokensUsed: null,
      errorMessage: null,
      createdAt: isoTime
    }
    const started = await trigger(id)
    expect(started).toEqual({ status: 200, body: run })
    const assignment = await claimed()
    await runner.send(assignment, { type: 'started' }, toolUse, { type: 'facts', facts: { usage } })
    expect(await runOf(id, started.body.id)).toMatchObject({ status: 'running', startedAt: isoTime })
    expect((await call('GET', `/api/v1/flows/${id}`)).body).toMatchObject({ isRunning: true, lastRunAt: isoTime })
    clock.set(8340)
    await runner.finish(assignment, 'SUCCEEDED', { result: '{"unread": 3}' })
    const done = {
      ...run,
      id: started.body.id,
      status: 'completed',
      startedAt: isoTime,
      completedAt: isoTime,
      durationMs: 8340,
      resultSummary: '{"unread": 3}',
      resultData: { unread: 3 },
      toolCalls: [{ name: 'Read', summary: 'Read inbox' }],
      tokensUsed: 1523
    }
    expect(await runOf(id, started.body.id)).toEqual(done)
    await expect.poll(async () => (await call('GET', `/api/v1/flows/${id}`)).body).toMatchObject({ totalRuns: 1 })
    const { resultData: _, toolCalls: __, ...summary } = done
    expect((await call('GET', `/api/v1/flows/${id}/runs`)).body).toEqual({ data: [summary], total: 1, flowId: id })
  })

  test('one that runs is 409, one that is paused 400, and one that fails or is cancelled says why', async () => {
    const id = await make()
    const first = (await trigger(id)).body.id
    expect(await trigger(id)).toEqual({ status: 409, body: { error: 'Flow is already running' } })
    await runner.finish(await claimed(), 'FAILED', { error: { code: 'API_ERROR', message: 'the model is away' } })
    await becomes(id, first, { status: 'failed', errorMessage: 'the model is away', resultSummary: null })
    await expect
      .poll(async () => (await call('GET', `/api/v1/flows/${id}`)).body)
      .toMatchObject({ totalRuns: 1, totalFailures: 1 })
    const second = (await trigger(id)).body.id
    const assignment = await claimed()
    await app.call(cancelRun, { params: { id: assignment.runId } })
    await runner.finish(assignment, 'CANCELLED')
    await becomes(id, second, { status: 'failed', errorMessage: 'cancelled' })
    await app.call(changeFlow, { params: { id }, body: { status: 'paused' } })
    expect(await trigger(id)).toEqual({ status: 400, body: says('paused', 'make it active') })
  })

  test('their runs are listed newest first, 50 unless more are wanted, 100 at most', async () => {
    const id = await make({ overlap: 'queue' })
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.unshift((await trigger(id)).body.id)
    const list = async (query = '') => {
      const { body } = await call<{ data: Thing[]; total: number }>('GET', `/api/v1/flows/${id}/runs${query}`)
      return [body.total, ...body.data.map(run => run.id)]
    }
    expect(await list()).toEqual([3, ...ids])
    expect(await list('?limit=1000')).toEqual([3, ...ids])
    expect(await list('?limit=1&offset=1')).toEqual([3, ids[1]])
    for (const limit of ['0', '-1', 'x', '']) {
      const answer = await call('GET', `/api/v1/flows/${id}/runs?limit=${limit}`)
      expect(answer).toMatchObject({ status: 400, body: says('limit') })
    }
    await app.call(cancelRun, { params: { id: (await claimed()).runId } })
    await app.call(changeFlow, { params: { id }, body: { status: 'paused' } })
    await becomes(id, ids[0] ?? '', { status: 'skipped', resultSummary: expect.stringContaining('Paused') })
  })

  describe('that always ask', () => {
    const asked = async () => {
      const flowId = await make({ mode: 'always_ask', approvalMinutes: 60 })
      const { body } = await trigger(flowId)
      expect(body).toMatchObject({ status: 'pending', startedAt: null, toolCalls: [] })
      const { data } = await app.call(listApprovals, { query: { status: 'pending' } })
      const approval = data.find(one => one.flowRunId === body.id)
      if (!approval) throw new Error('nothing is asked')
      return { flowId, runId: body.id, approval }
    }
    const runs = async (flowId: string, runId: string) => {
      await expect.poll(async () => (await runOf(flowId, runId)).status).toBe('approved')
      const assignment = await claimed()
      await runner.send(assignment, { type: 'started' })
      await becomes(flowId, runId, { status: 'running' })
      await runner.finish(assignment, 'SUCCEEDED', { result: 'swept' })
      await becomes(flowId, runId, { status: 'completed', resultSummary: 'swept' })
    }

    test('wait as pending, and run once a person approves in the inbox', async () => {
      const { flowId, runId, approval } = await asked()
      await app.call(approve, { params: { id: approval.id } })
      await runs(flowId, runId)
    })

    test('are approved here as well, once, and the inbox says by which key', async () => {
      const { flowId, runId, approval } = await asked()
      const path = `/api/v1/flows/${flowId}/runs/${runId}`
      expect(await call('POST', `${path}/approve`)).toMatchObject({
        status: 200,
        body: { id: runId, status: 'approved' }
      })
      const { data } = await app.call(listApprovals)
      expect(data.find(({ id }) => id === approval.id)).toMatchObject({ status: 'approved', decidedBy: 'fleece' })
      expect(await call('POST', `${path}/skip`)).toMatchObject({ status: 409, body: says('does not wait') })
      await runs(flowId, runId)
    })

    test('are skipped when somebody says no, there or here', async () => {
      const there = await asked()
      await app.call(deny, { params: { id: there.approval.id }, body: { reason: 'not on a Friday' } })
      await becomes(there.flowId, there.runId, { status: 'skipped', resultSummary: 'not on a Friday' })
      const here = await asked()
      const answer = await call('POST', `/api/v1/flows/${here.flowId}/runs/${here.runId}/skip`)
      expect(answer).toMatchObject({ status: 200, body: { status: 'skipped', errorMessage: null, startedAt: null } })
      const path = { id: here.flowId, runId: here.runId }
      expect(await app.call(getOurFlowRun, { params: path })).toMatchObject({
        status: 'skipped',
        reason: { code: 'DENIED' }
      })
      expect(await runner.claim(100)).toEqual([])
    })

    test('are skipped when nobody answers in time', async () => {
      const { flowId, runId } = await asked()
      await pass(3_600_000)
      await becomes(flowId, runId, { status: 'skipped', resultSummary: 'Nobody answered in time' })
    })
  })
})
