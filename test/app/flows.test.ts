import { createHmac, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { changeRetention } from '#contract/data'
import { archiveAgent, createAgent, restoreAgent, stopAgent } from '#contract/fleet/agents'
import { createMcp } from '#contract/fleet/mcps'
import { createBudget } from '#contract/money/budgets'
import { changeUser } from '#contract/people/users'
import type { Assignment, Outcome } from '#contract/runners/runner-protocol'
import { approve, deny, getApproval, listApprovals } from '#contract/runs/approvals'
import { cancelRun, getRun, listRuns } from '#contract/runs/runs'
import { type FlowRun, getFlowRun, listFlowRuns, triggerFlow } from '#contract/work/flow-runs'
import { previewSchedule } from '#contract/work/flow-triggers'
import {
  changeFlow,
  createFlow,
  deleteFlow,
  type Flow,
  getFlow,
  listFlows,
  newWebhookSecret
} from '#contract/work/flows'
import { type TestClock, testClock } from '../kit/clock.ts'
import { join } from '../kit/people.ts'
import { connectRunner, nextQuestion, type RunnerClient, replyTo } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.parse('2026-03-10T12:00:30Z')

let clock: TestClock
let app: App
let runner: RunnerClient
let agentId = ''

beforeEach(async () => {
  clock = testClock(start)
  app = await startApp({ clock, undoMs: 0 })
  runner = await connectRunner(app, { capacity: 100 })
  agentId = (await app.call(createAgent, { body: { name: 'Nova', cwd: '/work-here/nova' } })).id
})
afterEach(() => app.close())

const make = (more: Record<string, unknown> = {}): Promise<Flow> =>
  app.call(createFlow, { body: { title: 'Sweep', prompt: 'sweep it', agentId, ...more } })
const hourly = (more: Record<string, unknown> = {}) =>
  make({ triggers: [{ type: 'schedule', cron: '0 * * * *', timezone: 'UTC' }], ...more })
const read = ({ id }: Flow) => app.call(getFlow, { params: { id } })
const change = ({ id }: Flow, body: Record<string, unknown>) => app.call(changeFlow, { params: { id }, body })
const trigger = ({ id }: Flow, variables = {}) => app.call(triggerFlow, { params: { id }, body: { variables } })
const rows = async ({ id }: Flow): Promise<FlowRun[]> => (await app.call(listFlowRuns, { params: { id } })).data
const again = ({ flowId, id }: FlowRun) => app.call(getFlowRun, { params: { id: flowId, runId: id } })

/** The time of day passes; whoever sleeps until then looks again when something tells that duties may be due. */
async function pass(ms: number): Promise<void> {
  clock.set(ms)
  await app.call(changeRetention, { body: {} })
}

/** Waits until the rows of a flow, newest first, begin with these. */
async function expectRows(flow: Flow, ...expected: object[]): Promise<FlowRun[]> {
  await expect.poll(() => rows(flow), { timeout: 20_000 }).toMatchObject(expected)
  return await rows(flow)
}

async function work(runId: string | null, outcome: Outcome = 'SUCCEEDED', result = 'swept'): Promise<void> {
  const assignment = await runner.take(runId ?? '')
  await runner.send(assignment, { type: 'started' })
  await finish(assignment, outcome, result)
}

async function finish(assignment: Assignment, outcome: Outcome, result = 'swept'): Promise<void> {
  const error = { code: 'MODEL_ERROR', message: 'the model is away' }
  await runner.finish(assignment, outcome, outcome === 'FAILED' ? { error } : { result })
}

async function waitsFor(flow: Flow) {
  const { data } = await app.call(listApprovals, { query: { status: 'pending' } })
  const asked = data.find(approval => approval.flowId === flow.id)
  if (!asked) throw new Error('nothing is asked')
  return asked
}

describe('a flow by hand', () => {
  test('runs as its agent, is followed to its end, and counts', async () => {
    const flow = await make({ model: 'opus', timeoutSeconds: 60, estimatedHumanMinutes: 15 })
    expect(flow).toMatchObject({ status: 'active', standing: { state: 'ready' }, schedule: null, nextRunAt: null })
    const started = await trigger(flow)
    expect(started).toMatchObject({ status: 'approved', origin: 'manual', attempt: 1, lateMs: 0, reason: null })
    const run = await app.call(getRun, { params: { id: started.runId ?? '' } })
    expect(run).toMatchObject({ trigger: 'flow', flowId: flow.id, agentId, model: 'opus', timeoutSeconds: 60 })
    const assignment = await runner.take(run.id)
    await runner.send(assignment, { type: 'started' })
    expect(await again(started)).toMatchObject({ status: 'running' })
    expect(await read(flow)).toMatchObject({ isRunning: true, openRuns: 1 })
    await finish(assignment, 'SUCCEEDED')
    expect(await again(started)).toMatchObject({ status: 'completed', resultSummary: 'swept' })
    await expect.poll(() => read(flow)).toMatchObject({ totalRuns: 1, recent: ['completed'], isRunning: false })
    expect((await app.call(listRuns, { query: { flowId: flow.id } })).data).toHaveLength(1)
  })

  test('does not start beside itself, nor while it is paused, and says so', async () => {
    const flow = await make()
    await trigger(flow)
    const running = await app.request('POST', `/api/v1/flows/${flow.id}/trigger`, { body: {} })
    expect(running).toMatchObject({ status: 409, error: { code: 'FLOW_RUNNING', message: 'Flow is already running' } })
    await change(flow, { status: 'paused' })
    const paused = await app.request('POST', `/api/v1/flows/${flow.id}/trigger`, { body: {} })
    expect(paused).toMatchObject({ status: 400, error: { code: 'FLOW_NOT_ACTIVE' } })
    expect(await rows(flow)).toHaveLength(1)
  })

  test('fills its prompt with what it has and what is given', async () => {
    const flow = await make({
      prompt: 'Read {{where}} since {{last_run}}; {{ flow }} of {{date}}',
      variables: { where: 'mail' }
    })
    const first = await trigger(flow)
    const prompt = async ({ runId }: FlowRun) => (await app.call(getRun, { params: { id: runId ?? '' } })).input
    expect(await prompt(first)).toBe('Read mail since never; Sweep of 2026-03-10')
    await work(first.runId)
    expect(await prompt(await trigger(flow, { where: 'news' }))).toBe(
      'Read news since 2026-03-10T12:00:30.000Z; Sweep of 2026-03-10'
    )
    const unknown = await app.request('POST', `/api/v1/flows/${flow.id}/trigger`, { body: { variables: { why: 'x' } } })
    expect(unknown).toMatchObject({ status: 400, error: { field: 'variables.why' } })
  })

  test('gets the MCP servers that it names and no others', async () => {
    const [one] = await Promise.all(
      ['one', 'two'].map(name => app.call(createMcp, { body: { name, transport: 'stdio', command: 'x' } }))
    )
    const { runId } = await trigger(await make({ mcpIds: [one?.id] }))
    expect((await runner.take(runId ?? '')).mcpServers.map(({ name }) => name)).toEqual(['one'])
  })
})

describe('what cannot be a flow is refused with the field', () => {
  const body = { title: 'x', prompt: 'x' }
  test.each([
    [{ cronExpression: '0 0 31 2 *' }, 'triggers.0.cron'],
    [{ cronExpression: '* * * * * *' }, 'triggers.0.cron'],
    [{ cronExpression: 'often' }, 'triggers.0.cron'],
    [{ cronExpression: '0 9 * * *', timezone: 'Mars/Base' }, 'triggers.0.timezone'],
    [{ cronExpression: '0 9 * * *', triggers: [] }, 'cronExpression'],
    [{ prompt: 'do {{this}}' }, 'prompt'],
    [{ variables: { date: 'x' } }, 'variables.date'],
    [{ mcpIds: ['none'] }, 'mcpIds'],
    [{ triggers: [{ type: 'flow', flowId: 'none' }] }, 'triggers.0.flowId'],
    [{ triggers: [{ type: 'webhook', id: 'other' }] }, 'triggers.0.id'],
    [{ triggers: [{ type: 'change', watched: { type: 'ref', ref: '--upload-pack=x' } }] }, 'triggers.0.watched.ref'],
    [{ agentId: 'nobody' }, 'agentId']
  ])('%j', async (more, field) => {
    const answer = await app.request('POST', '/api/v1/flows', { body: { ...body, agentId, ...more } })
    expect({ status: answer.status, field: answer.error.field }).toEqual({ status: 400, field })
    expect((await app.call(listFlows)).data).toEqual([])
  })

  test('flows that would start each other for ever', async () => {
    const first = await make()
    const second = await make({ triggers: [{ type: 'flow', flowId: first.id }] })
    for (const id of [first.id, second.id]) {
      const triggers = [{ type: 'flow', flowId: id }]
      const answer = await app.request('PATCH', `/api/v1/flows/${first.id}`, { body: { triggers } })
      expect(answer).toMatchObject({ status: 400, error: { code: 'CIRCLE', field: 'triggers.0.flowId' } })
    }
  })
})

describe('by its schedule', () => {
  test('starts at its time, once, and says by how much it was late', async () => {
    const flow = await hourly()
    expect(flow).toMatchObject({ nextRunAt: '2026-03-10T13:00:00.000Z', schedule: 'Every hour' })
    await pass(hour - 31_000)
    expect(await rows(flow)).toEqual([])
    await pass(6000)
    await expectRows(flow, { status: 'approved', origin: 'schedule', dueAt: '2026-03-10T13:00:00.000Z', lateMs: 5000 })
    await pass(1000)
    expect(await rows(flow)).toHaveLength(1)
    expect((await read(flow)).nextRunAt).toBe('2026-03-10T14:00:00.000Z')
  })

  test('refuses to start beside itself, and leaves a row that says so', async () => {
    const flow = await hourly()
    await pass(hour)
    await expectRows(flow, { status: 'approved' })
    await pass(hour)
    await expectRows(flow, { status: 'refused', reason: { code: 'FLOW_RUNNING' }, runId: null }, { status: 'approved' })
    expect((await read(flow)).recent).toEqual(['refused'])
  })

  test('waits for its turn where it queues, and takes it', async () => {
    const flow = await hourly({ overlap: 'queue' })
    await pass(hour)
    const [first] = await expectRows(flow, { status: 'approved' })
    await pass(hour)
    await expectRows(flow, { status: 'queued' }, { status: 'approved' })
    await work(first?.runId ?? null)
    await expectRows(flow, { status: 'approved', attempt: 1 }, { status: 'completed' })
  })

  test('runs beside itself as often as it may', async () => {
    const flow = await hourly({ overlap: 'parallel', maxParallel: 2 })
    for (let n = 1; n < 3; n++) {
      await pass(hour)
      await expectRows(flow, ...Array(n).fill({ status: 'approved' }))
    }
    await pass(hour)
    await expectRows(flow, { status: 'refused' }, { status: 'approved' }, { status: 'approved' })
  })

  test('a paused flow starts nothing, and makes up for nothing when it goes on', async () => {
    const flow = await hourly()
    await change(flow, { status: 'paused' })
    expect(await read(flow)).toMatchObject({ nextRunAt: null, standing: { state: 'off' } })
    await pass(5 * hour)
    await change(flow, { status: 'active' })
    await pass(1000)
    expect(await rows(flow)).toEqual([])
    expect((await read(flow)).nextRunAt).toBe('2026-03-10T18:00:00.000Z')
  })

  test('is previewed in words, with the hour that clocks leave out', async () => {
    clock.set(Date.parse('2026-03-27T12:00:00Z') - clock.now())
    const preview = await app.call(previewSchedule, { query: { cron: '30 2 * * *', timezone: 'Europe/Paris' } })
    expect(preview).toMatchObject({ words: 'At 02:30', timezone: 'Europe/Paris' })
    expect(preview.next.slice(0, 3).map(({ local, shift }) => [local, shift])).toEqual([
      ['2026-03-28T02:30:00+01:00', false],
      ['2026-03-29T03:00:00+02:00', true],
      ['2026-03-30T02:30:00+02:00', false]
    ])
    const wrong = await app.request('GET', '/api/v1/flow-schedule?cron=61%20*%20*%20*%20*')
    expect(wrong).toMatchObject({ status: 400, error: { field: 'cron' } })
  })
})

describe('ticks that were missed', () => {
  const missed = (count: number) => ({ status: 'skipped', missed: count, reason: { code: 'MISSED' } })

  test.each([
    ['skip', [missed(5)]],
    ['once', [{ status: 'approved', dueAt: '2026-03-10T17:00:00.000Z' }, missed(4)]],
    [
      'all',
      [
        { status: 'queued', dueAt: '2026-03-10T17:00:00.000Z' },
        { status: 'queued', dueAt: '2026-03-10T16:00:00.000Z' },
        { status: 'approved', dueAt: '2026-03-10T15:00:00.000Z', lateMs: 2.5 * hour },
        missed(2)
      ]
    ]
  ] as const)('are made up for as the flow says: %s', async (catchUp, expected) => {
    const flow = await hourly({ catchUp, catchUpMax: 3 })
    await pass(5.5 * hour - 30_000)
    await expectRows(flow, ...expected)
    expect((await read(flow)).nextRunAt).toBe('2026-03-10T18:00:00.000Z')
  })

  test('are made up for after the control plane was closed, too', async () => {
    const flow = await hourly()
    clock.set(26 * hour)
    await app.restart()
    await expectRows(flow, { status: 'approved', dueAt: '2026-03-11T14:00:00.000Z' }, missed(20))
    expect((await rows(flow))[1]?.reason?.message).toMatch(/^More than 20 ticks were missed/)
  })
})

describe('the time of day is set', () => {
  test('back: what was started is not started again, and what comes is not waited for too long', async () => {
    const flow = await hourly()
    await pass(hour)
    await expectRows(flow, { status: 'approved', dueAt: '2026-03-10T13:00:00.000Z' })
    await pass(-2 * hour)
    await expect.poll(async () => (await read(flow)).nextRunAt).toBe('2026-03-10T12:00:00.000Z')
    await pass(hour)
    await expectRows(flow, { dueAt: '2026-03-10T12:00:00.000Z' }, { dueAt: '2026-03-10T13:00:00.000Z' })
    await pass(hour)
    await expect.poll(async () => (await read(flow)).nextRunAt).toBe('2026-03-10T14:00:00.000Z')
    expect(await rows(flow)).toHaveLength(2)
  })

  test('far ahead by mistake, and back: it starts as before', async () => {
    const flow = await hourly({ catchUp: 'skip' })
    await pass(4000 * day)
    await expect.poll(async () => (await rows(flow)).length).toBeGreaterThan(0)
    await pass(-4000 * day)
    await expect.poll(async () => (await read(flow)).nextRunAt).toBe('2026-03-10T13:00:00.000Z')
  })
})

describe('a run that fails', () => {
  test('is tried again after a while, twice as long each time, and then that is what came of it', async () => {
    const flow = await make({ retries: 2, retryDelaySeconds: 600 })
    const tick = await trigger(flow)
    await work(tick.runId, 'FAILED')
    await expect
      .poll(() => again(tick))
      .toMatchObject({ status: 'retrying', attempt: 1, reason: { code: 'MODEL_ERROR' } })
    expect((await again(tick)).retryAt).toBe(new Date(clock.now() + 10 * minute).toISOString())
    await pass(10 * minute)
    await expect.poll(() => again(tick)).toMatchObject({ status: 'approved', attempt: 2 })
    await work((await again(tick)).runId, 'FAILED')
    await expect.poll(() => again(tick)).toMatchObject({ status: 'retrying', attempt: 2 })
    await pass(20 * minute)
    await expect.poll(() => again(tick)).toMatchObject({ status: 'approved', attempt: 3 })
    await work((await again(tick)).runId, 'FAILED')
    await expect.poll(() => read(flow)).toMatchObject({ totalRuns: 1, totalFailures: 1, recent: ['failed'] })
    expect(await again(tick)).toMatchObject({ status: 'failed', errorMessage: 'the model is away' })
  })

  test('is not tried again when a person stopped it', async () => {
    const flow = await make({ retries: 2 })
    const tick = await trigger(flow)
    await app.call(cancelRun, { params: { id: tick.runId ?? '' }, body: {} })
    await expect.poll(() => read(flow)).toMatchObject({ recent: ['failed'] })
    expect(await again(tick)).toMatchObject({ status: 'failed', reason: { code: 'CANCELLED' } })
  })

  test('pauses its flow after so many in a row, with the reason, until somebody makes it active again', async () => {
    const flow = await make({ pauseAfterFailures: 2 })
    for (let n = 0; n < 2; n++) {
      await work((await trigger(flow)).runId, 'FAILED')
      await expect.poll(() => read(flow)).toMatchObject({ totalRuns: n + 1 })
    }
    expect(await read(flow)).toMatchObject({ status: 'error', nextRunAt: null })
    expect((await read(flow)).statusReason).toContain('2 runs in a row failed, the last one: the model is away')
    expect(await change(flow, { status: 'active' })).toMatchObject({ status: 'active', statusReason: null })
  })
})

describe('a flow that always asks', () => {
  test('waits in the inbox, and starts once somebody approves', async () => {
    const flow = await make({ mode: 'always_ask' })
    const tick = await trigger(flow)
    expect(tick).toMatchObject({ status: 'pending', runId: null })
    const asked = await waitsFor(flow)
    expect(asked).toMatchObject({ kind: 'flow', runId: null, runNumber: null, flowRunId: tick.id, agentName: 'Nova' })
    expect(asked.input).toMatchObject({ prompt: 'sweep it', origin: 'manual' })
    expect(asked.expiresAt).toBe(new Date(clock.now() + day).toISOString())
    const all = await app.request('POST', `/api/v1/approvals/${asked.id}/approve`, { body: { scope: 'run' } })
    expect(all).toMatchObject({ status: 400, error: { field: 'scope' } })
    await app.call(approve, { params: { id: asked.id }, body: {} })
    await expect.poll(() => again(tick)).toMatchObject({ status: 'approved', attempt: 1 })
    await work((await again(tick)).runId)
    expect(await again(tick)).toMatchObject({ status: 'completed' })
  })

  test('is skipped when somebody says no', async () => {
    const flow = await make({ mode: 'always_ask' })
    const tick = await trigger(flow)
    await app.call(deny, { params: { id: (await waitsFor(flow)).id }, body: { reason: 'not today' } })
    expect(await again(tick)).toMatchObject({ status: 'skipped', reason: { code: 'DENIED', message: 'not today' } })
    expect((await read(flow)).recent).toEqual(['skipped'])
  })

  test('is skipped as unanswered when nobody says anything, and nobody is said to have refused it', async () => {
    const flow = await make({ mode: 'always_ask', approvalMinutes: 30 })
    const tick = await trigger(flow)
    const { id } = await waitsFor(flow)
    await pass(31 * minute)
    await expect.poll(() => again(tick)).toMatchObject({ status: 'skipped', reason: { code: 'UNANSWERED' } })
    expect(await app.call(getApproval, { params: { id } })).toMatchObject({ status: 'expired', decidedBy: null })
    const late = await app.request('POST', `/api/v1/approvals/${id}/approve`, { body: {} })
    expect(late).toMatchObject({ status: 409, error: { code: 'APPROVAL_DECIDED' } })
  })

  test('asks anew at its next time, in the place of what nobody answered', async () => {
    const flow = await hourly({ mode: 'always_ask' })
    await pass(hour)
    await expectRows(flow, { status: 'pending' })
    await pass(hour)
    await expectRows(flow, { status: 'pending' }, { status: 'skipped', reason: { code: 'UNANSWERED' } })
    expect((await app.call(listApprovals, { query: { status: 'pending' } })).data).toHaveLength(1)
  })

  test('does not wait any more once it is paused', async () => {
    const flow = await make({ mode: 'always_ask' })
    const tick = await trigger(flow)
    const { id } = await waitsFor(flow)
    await change(flow, { status: 'paused' })
    expect(await again(tick)).toMatchObject({ status: 'skipped', reason: { code: 'FLOW_NOT_ACTIVE' } })
    expect(await app.call(getApproval, { params: { id } })).toMatchObject({ status: 'withdrawn' })
  })
})

describe('a flow that looks active and cannot start says so before its time', () => {
  const problems = async (flow: Flow) => (await read(flow)).standing.problems.map(({ code }) => code)

  test('since its agent is archived or paused', async () => {
    const flow = await hourly()
    await app.call(archiveAgent, { params: { id: agentId } })
    expect(await problems(flow)).toEqual(['AGENT_ARCHIVED'])
    await pass(hour)
    await expectRows(flow, { status: 'refused', reason: { code: 'AGENT_ARCHIVED' }, runId: null })
    await app.call(restoreAgent, { params: { id: agentId } })
    expect(await problems(flow)).toEqual([])
    await app.call(stopAgent, { params: { id: agentId } })
    expect(await problems(flow)).toEqual(['AGENT_PAUSED'])
  })

  test('since there is no runner, or none that may work there', async () => {
    const flow = await make()
    await runner.leave()
    expect(await problems(flow)).toEqual(['NO_RUNNER'])
  })

  test('since its budget is used up; it is refused, and no run is left behind', async () => {
    const flow = await hourly()
    await app.call(createBudget, { body: { agentId, unit: 'usd', period: 'day', amount: 0.01, action: 'stop' } })
    const first = await trigger(flow)
    expect(await problems(flow)).toEqual(['BUDGET_EXHAUSTED'])
    await change(flow, { overlap: 'parallel' })
    await pass(hour)
    await expectRows(flow, { status: 'refused', reason: { code: 'BUDGET_EXHAUSTED' } }, { id: first.id })
    expect((await app.call(listRuns)).data).toHaveLength(1)
  })
})

describe('after another flow', () => {
  test('starts with what that one found, when it ended as wanted', async () => {
    const first = await make()
    const second = await make({ prompt: 'mail {{previous_result}}', triggers: [{ type: 'flow', flowId: first.id }] })
    const third = await make({ triggers: [{ type: 'flow', flowId: first.id, on: 'failure' }] })
    await work((await trigger(first)).runId, 'SUCCEEDED', 'three leaks')
    const [row] = await expectRows(second, { status: 'approved', origin: 'flow' })
    expect((await app.call(getRun, { params: { id: row?.runId ?? '' } })).input).toBe('mail three leaks')
    expect(await rows(third)).toEqual([])
    await work((await trigger(first)).runId, 'FAILED')
    await expectRows(third, { status: 'approved', origin: 'flow' })
  })
})

describe('a pre-check', () => {
  const command = { type: 'command', program: 'test', args: ['-s', 'inbox'] }
  const checked = (more: Record<string, unknown> = {}) => hourly({ preCheck: { ...command, ...more } })

  test('lets a tick pass by the exit code of a command, before anything is paid for', async () => {
    const flow = await checked()
    await pass(hour)
    const asked = await nextQuestion(runner)
    expect(asked.question).toMatchObject({ ...command, type: 'tryCommand', folder: '/work-here/nova' })
    expect(await rows(flow)).toMatchObject([{ status: 'checking', runId: null }])
    await replyTo(app, runner, asked, { type: 'tryCommand', answer: { exitCode: 0, output: '' } })
    await expectRows(flow, { status: 'approved' })
  })

  test('skips it with the reason', async () => {
    const flow = await checked()
    await pass(hour)
    const asked = await nextQuestion(runner)
    await replyTo(app, runner, asked, { type: 'tryCommand', answer: { exitCode: 1, output: 'nothing new\n' } })
    await expectRows(flow, {
      status: 'skipped',
      runId: null,
      reason: { code: 'CHECK', message: 'The pre-check ended with 1: nothing new' }
    })
    expect((await app.call(listRuns)).data).toEqual([])
  })

  test.each([
    ['run', { status: 'approved' }],
    ['skip', { status: 'skipped', reason: { code: 'CHECK_UNKNOWN' } }]
  ] as const)('that tells nothing does as the flow says: %s', async (ifUnknown, expected) => {
    const flow = await checked({ ifUnknown })
    await pass(hour)
    await replyTo(app, runner, await nextQuestion(runner), {
      type: 'cannot',
      why: 'failed',
      message: 'no such program'
    })
    await expectRows(flow, expected)
  })

  test('is not asked of who starts the flow by hand', async () => {
    expect(await trigger(await checked())).toMatchObject({ status: 'approved' })
  })

  test('by a file lets pass what changed since the last run', async () => {
    const flow = await hourly({ preCheck: { type: 'changed', watched: { type: 'file', path: 'inbox' } } })
    const look = async (state: string) => {
      await pass(hour)
      await replyTo(app, runner, await nextQuestion(runner), { type: 'look', answer: { state } })
    }
    await look('one')
    const [first] = await expectRows(flow, { status: 'approved' })
    await work(first?.runId ?? null)
  })
})

describe('a change', () => {
  test('of a ref starts a flow, but not what is there at first', async () => {
    const watched = { type: 'ref', ref: 'main' }
    const flow = await make({
      prompt: 'look at {{changed}}',
      triggers: [{ type: 'change', watched, everySeconds: 60 }]
    })
    const told = await nextQuestion(runner)
    expect(told.question).toEqual({ type: 'look', folder: '/work-here/nova', watched })
    await replyTo(app, runner, told, { type: 'look', answer: { state: 'object 1' } })
    await expect
      .poll(async () => (await read(flow)).triggers)
      .toMatchObject([{ lookedAt: new Date(clock.now()).toISOString(), problem: null }])
    expect(await rows(flow)).toEqual([])
  })
})

describe('a webhook', () => {
  const hooked = (more: Record<string, unknown> = {}) => make({ triggers: [{ type: 'webhook' }], ...more })
  const secretOf = async (flow: Flow) => {
    const params = { id: flow.id, triggerId: flow.triggers[0]?.id ?? '' }
    return await app.call(newWebhookSecret, { params })
  }
  interface Sent {
    id?: string
    at?: number
    body?: string
    signature?: string
  }
  function send({ secret, path }: { secret: string; path: string }, sent: Sent = {}) {
    const { id = randomUUID(), at = clock.now(), body = '{"x":1}' } = sent
    const timestamp = String(Math.floor(at / 1000))
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const right = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    return app.request('POST', path, {
      token: null,
      body,
      headers: {
        'content-type': 'text/plain',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': sent.signature ?? `v1,${right}`
      }
    })
  }

  test('starts its flow with what it brought, when it is signed', async () => {
    const flow = await hooked({ prompt: 'read {{payload}}' })
    expect(flow.standing).toMatchObject({ state: 'blocked', problems: [{ code: 'NO_SECRET' }] })
    const hook = await secretOf(flow)
    expect((await read(flow)).standing.state).toBe('ready')
    expect(await send(hook)).toMatchObject({ status: 202, body: { status: 'approved' } })
    const [row] = await expectRows(flow, { origin: 'webhook' })
    expect((await app.call(getRun, { params: { id: row?.runId ?? '' } })).input).toBe('read {"x":1}')
  })

  test('refuses what is unsigned, forged, too old, or was there before', async () => {
    const flow = await hooked({ overlap: 'parallel', maxParallel: 20 })
    const hook = await secretOf(flow)
    const unsigned = await app.request('POST', hook.path, { token: null, body: {} })
    expect(unsigned).toMatchObject({ status: 401, error: { code: 'BAD_SIGNATURE' } })
    expect(await send(hook, { signature: `v1,${Buffer.alloc(32).toString('base64')}` })).toMatchObject({ status: 401 })
    expect(await send(hook, { at: clock.now() - 6 * minute })).toMatchObject({ status: 401 })
    expect(await send(hook, { at: clock.now() + 6 * minute })).toMatchObject({ status: 401 })
    expect(await send(hook, { id: 'one' })).toMatchObject({ status: 202 })
    expect(await send(hook, { id: 'one' })).toMatchObject({ status: 409, error: { code: 'WEBHOOK_REPLAYED' } })
    const { secret } = await secretOf(flow)
    expect(await send(hook)).toMatchObject({ status: 401 })
    expect(await send({ ...hook, secret })).toMatchObject({ status: 202 })
    expect(await rows(flow)).toHaveLength(2)
  })

  test('refuses what is too large before it is read whole, and what comes too often', async () => {
    const flow = await hooked()
    const hook = await secretOf(flow)
    const large = await send(hook, { body: 'x'.repeat(10 << 20) })
    expect(large).toMatchObject({
      status: 413,
      error: { code: 'TOO_LARGE', message: expect.stringContaining('256 KiB') }
    })
    const answers = await Promise.all(Array.from({ length: 1000 }, () => send(hook)))
    const statuses = Map.groupBy(answers, ({ status }) => status)
    expect(statuses.get(202)).toHaveLength(60)
    expect(statuses.get(429)).toHaveLength(940)
    expect((await app.call(listRuns)).data).toHaveLength(1)
  })

  test('that was taken stands in the audit as the doing of a visitor, without its secret', async () => {
    const hook = await secretOf(await hooked())
    await send(hook)
    const { data } = await app.call(listAudit, { query: { limit: 500 } })
    expect(data.find(({ action }) => action === 'run.created')?.actor).toMatchObject({ kind: 'visitor' })
    expect(JSON.stringify(data)).not.toContain(hook.secret.slice(6))
  })

  test('of a paused flow says that it is, and one that is gone is not there', async () => {
    const flow = await hooked()
    const hook = await secretOf(flow)
    await change(flow, { status: 'paused' })
    expect(await send(hook)).toMatchObject({ status: 400, error: { code: 'FLOW_NOT_ACTIVE' } })
    await app.call(deleteFlow, { params: { id: flow.id } })
    expect(await send(hook)).toMatchObject({ status: 404 })
  })
})

test('starts with the rights of whose it is, whoever starts it, and says when those are gone', async () => {
  const [member, other] = [await join(app, 'member'), await join(app, 'member')]
  const agent = await app.call(createAgent, { body: { name: 'Hers' } }, member.token)
  const body = { title: 'Hers', prompt: 'x', agentId: agent.id, cronExpression: '0 * * * *', timezone: 'UTC' }
  const flow = await app.call(createFlow, { body }, member.token)
  const { runId } = await trigger(flow)
  const sees = async (token: string) => (await app.request('GET', `/api/v1/runs/${runId}`, { token })).status
  expect([await sees(member.token), await sees(other.token)]).toEqual([200, 404])
  await work(runId)
  await app.call(changeUser, { params: { id: member.id }, body: { role: 'viewer' } })
  expect((await read(flow)).standing).toMatchObject({ state: 'blocked', problems: [{ code: 'FORBIDDEN' }] })
  await pass(hour)
  await expectRows(flow, { status: 'refused', reason: { code: 'FORBIDDEN' } }, { status: 'completed' })
})

test('triggers that are named stay themselves when others are changed', async () => {
  const flow = await make({ triggers: [{ type: 'webhook' }, { type: 'schedule', cron: '@daily', timezone: 'UTC' }] })
  const id = flow.triggers[0]?.id ?? ''
  await app.call(newWebhookSecret, { params: { id: flow.id, triggerId: id } })
  const changed = await change(flow, { triggers: [{ type: 'webhook', id }] })
  expect(changed.triggers).toMatchObject([{ id, type: 'webhook', signed: true }])
})

test('a flow is deleted with its history, but not while it runs; its runs stay', async () => {
  const flow = await make()
  const tick = await trigger(flow)
  const running = await app.request('DELETE', `/api/v1/flows/${flow.id}`)
  expect(running).toMatchObject({ status: 409, error: { code: 'FLOW_RUNNING' } })
  await work(tick.runId)
  await app.call(changeFlow, { params: { id: flow.id }, body: { mode: 'always_ask' } })
  await trigger(flow)
  const asked = await waitsFor(flow)
  await app.call(deleteFlow, { params: { id: flow.id } })
  expect(await app.request('GET', `/api/v1/approvals/${asked.id}`)).toMatchObject({ status: 404 })
  expect(await app.request('GET', `/api/v1/flows/${flow.id}`)).toMatchObject({ status: 404 })
  expect((await app.call(listRuns)).data).toHaveLength(1)
})

test('its history is kept as long as runs are', async () => {
  const flow = await make()
  await work((await trigger(flow)).runId)
  await expect.poll(() => read(flow)).toMatchObject({ totalRuns: 1 })
  clock.set(3 * day)
  await app.call(changeRetention, { body: { runDays: 2 } })
  await expect.poll(() => rows(flow)).toEqual([])
  expect(await read(flow)).toMatchObject({ totalRuns: 1, recent: ['completed'] })
})
