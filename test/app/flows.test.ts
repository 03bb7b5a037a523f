import { describe, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createMcp } from '#contract/fleet/mcps'
import { getWorkforce } from '#contract/money/workforce'
import { changeUser } from '#contract/people/users'
import { approve, deny, getApproval } from '#contract/runs/approvals'
import { cancelRun, getRun, listRuns, retryRun } from '#contract/runs/runs'
import type { FlowRun } from '#contract/work/flow-runs'
import { changeFlow, createFlow, deleteFlow, listFlows, newWebhookSecret } from '#contract/work/flows'
import { day, hour, minute, withFlows } from '../kit/flows.ts'
import { join } from '../kit/people.ts'

const {
  the,
  make,
  hourly,
  read,
  change,
  trigger,
  rows,
  again,
  runsOf,
  pass,
  expectRows,
  work,
  finish,
  asks,
  waitsFor
} = withFlows({ apart: false })

describe('a flow by hand', () => {
  test('runs as its agent, is followed to its end, and counts', async () => {
    const flow = await make({ model: 'opus', timeoutSeconds: 60, estimatedHumanMinutes: 15 })
    expect(flow).toMatchObject({ status: 'active', standing: { state: 'ready' }, schedule: null, nextRunAt: null })
    const started = await trigger(flow)
    expect(started).toMatchObject({ status: 'approved', origin: 'manual', attempt: 1, lateMs: 0, reason: null })
    const run = await the.app.call(getRun, { params: { id: started.runId ?? '' } })
    expect(run).toMatchObject({
      trigger: 'flow',
      flowId: flow.id,
      agentId: the.agentId,
      model: 'opus',
      timeoutSeconds: 60
    })
    const assignment = await the.runner.take(run.id)
    await the.runner.send(assignment, { type: 'started' })
    expect(await again(started)).toMatchObject({ status: 'running' })
    expect(await read(flow)).toMatchObject({ isRunning: true, openRuns: 1 })
    await finish(assignment, 'SUCCEEDED')
    expect(await again(started)).toMatchObject({ status: 'completed', resultSummary: 'swept' })
    await expect.poll(() => read(flow)).toMatchObject({ totalRuns: 1, recent: ['completed'], isRunning: false })
    expect(await runsOf(flow)).toHaveLength(1)
  })

  test('is worth what it said when a run began, also one that is tried again by hand', async () => {
    const { valued: before } = (await the.app.call(getWorkforce)).total
    const flow = await make({ estimatedHumanMinutes: 40 })
    const first = await trigger(flow)
    await change(flow, { estimatedHumanMinutes: 90 })
    await work(first.runId, 'FAILED')
    const retry = await the.app.call(retryRun, { params: { id: first.runId ?? '' } })
    await work(retry.id)
    const unsaid = await make()
    await work((await trigger(unsaid)).runId)
    const { total, assumptions } = await the.app.call(getWorkforce)
    expect(total.valued).toEqual({ runs: before.runs + 1, humanMinutes: before.humanMinutes + 40 })
    expect(total.humanMinutesSaved).toBe(
      total.valued.humanMinutes + (total.succeeded - total.valued.runs) * assumptions.humanMinutesPerSuccess
    )
  })

  test('does not start beside itself, nor while it is paused, and says so', async () => {
    const flow = await make()
    await trigger(flow)
    const running = await the.app.request('POST', `/api/v1/flows/${flow.id}/trigger`, { body: {} })
    expect(running).toMatchObject({ status: 409, error: { code: 'FLOW_RUNNING', message: 'Flow is already running' } })
    await change(flow, { status: 'paused' })
    const paused = await the.app.request('POST', `/api/v1/flows/${flow.id}/trigger`, { body: {} })
    expect(paused).toMatchObject({ status: 400, error: { code: 'FLOW_NOT_ACTIVE' } })
    expect(await rows(flow)).toHaveLength(1)
  })

  test('is listed by its mode', async () => {
    const asking = await make({ mode: 'always_ask' })
    await make()
    const { data } = await the.app.call(listFlows, { query: { mode: 'always_ask', agentId: the.agentId } })
    expect(data.map(({ id }) => id)).toEqual([asking.id])
  })

  test('fills its prompt with what it has and what is given', async () => {
    const flow = await make({
      prompt: 'Read {{where}} since {{last_run}}; {{ flow }} of {{date}}',
      variables: { where: 'mail' }
    })
    const first = await trigger(flow)
    const prompt = async ({ runId }: FlowRun) => (await the.app.call(getRun, { params: { id: runId ?? '' } })).input
    expect(await prompt(first)).toBe('Read mail since never; Sweep of 2026-03-10')
    await work(first.runId)
    expect(await prompt(await trigger(flow, { where: 'news' }))).toBe(
      'Read news since 2026-03-10T12:00:30.000Z; Sweep of 2026-03-10'
    )
    const unknown = await the.app.request('POST', `/api/v1/flows/${flow.id}/trigger`, {
      body: { variables: { why: 'x' } }
    })
    expect(unknown).toMatchObject({ status: 400, error: { field: 'variables.why' } })
  })

  test('gets the MCP servers that it names and no others', async () => {
    const [one] = await Promise.all(
      ['one', 'two'].map(name => the.app.call(createMcp, { body: { name, transport: 'stdio', command: 'x' } }))
    )
    const { runId } = await trigger(await make({ mcpIds: [one?.id] }))
    expect((await the.runner.take(runId ?? '')).mcpServers.map(({ name }) => name)).toEqual(['one'])
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
    const answer = await the.app.request('POST', '/api/v1/flows', { body: { ...body, agentId: the.agentId, ...more } })
    expect({ status: answer.status, field: answer.error.field }).toEqual({ status: 400, field })
    expect((await the.app.call(listFlows, { query: { agentId: the.agentId } })).data).toEqual([])
  })

  test('flows that would start each other for ever', async () => {
    const first = await make()
    const second = await make({ triggers: [{ type: 'flow', flowId: first.id }] })
    for (const id of [first.id, second.id]) {
      const triggers = [{ type: 'flow', flowId: id }]
      const answer = await the.app.request('PATCH', `/api/v1/flows/${first.id}`, { body: { triggers } })
      expect(answer).toMatchObject({ status: 400, error: { code: 'CIRCLE', field: 'triggers.0.flowId' } })
    }
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
    expect((await again(tick)).retryAt).toBe(new Date(the.clock.now() + 10 * minute).toISOString())
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
    await the.app.call(cancelRun, { params: { id: tick.runId ?? '' }, body: {} })
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
    expect(asked).toMatchObject({
      kind: 'flow',
      runId: null,
      runNumber: null,
      flowRunId: tick.id,
      agentId: the.agentId
    })
    expect(asked.input).toMatchObject({ prompt: 'sweep it', origin: 'manual' })
    expect(asked.expiresAt).toBe(new Date(the.clock.now() + day).toISOString())
    const all = await the.app.request('POST', `/api/v1/approvals/${asked.id}/approve`, { body: { scope: 'run' } })
    expect(all).toMatchObject({ status: 400, error: { field: 'scope' } })
    await the.app.call(approve, { params: { id: asked.id }, body: {} })
    await expect.poll(() => again(tick)).toMatchObject({ status: 'approved', attempt: 1 })
    await work((await again(tick)).runId)
    expect(await again(tick)).toMatchObject({ status: 'completed' })
  })

  test('is skipped when somebody says no', async () => {
    const flow = await make({ mode: 'always_ask' })
    const tick = await trigger(flow)
    await the.app.call(deny, { params: { id: (await waitsFor(flow)).id }, body: { reason: 'not today' } })
    expect(await again(tick)).toMatchObject({ status: 'skipped', reason: { code: 'DENIED', message: 'not today' } })
    expect((await read(flow)).recent).toEqual(['skipped'])
  })

  test('is skipped as unanswered when nobody says anything, and nobody is said to have refused it', async () => {
    const flow = await make({ mode: 'always_ask', approvalMinutes: 30 })
    const tick = await trigger(flow)
    const { id } = await waitsFor(flow)
    await pass(31 * minute)
    await expect.poll(() => again(tick)).toMatchObject({ status: 'skipped', reason: { code: 'UNANSWERED' } })
    expect(await the.app.call(getApproval, { params: { id } })).toMatchObject({ status: 'expired', decidedBy: null })
    const late = await the.app.request('POST', `/api/v1/approvals/${id}/approve`, { body: {} })
    expect(late).toMatchObject({ status: 409, error: { code: 'APPROVAL_DECIDED' } })
  })

  test('asks anew at its next time, in the place of what nobody answered', async () => {
    const flow = await hourly({ mode: 'always_ask' })
    await pass(hour)
    await expectRows(flow, { status: 'pending' })
    await pass(hour)
    await expectRows(flow, { status: 'pending' }, { status: 'skipped', reason: { code: 'UNANSWERED' } })
    expect(await asks(flow)).toHaveLength(1)
  })

  test('does not wait any more once it is paused', async () => {
    const flow = await make({ mode: 'always_ask' })
    const tick = await trigger(flow)
    const { id } = await waitsFor(flow)
    await change(flow, { status: 'paused' })
    expect(await again(tick)).toMatchObject({ status: 'skipped', reason: { code: 'FLOW_NOT_ACTIVE' } })
    expect(await the.app.call(getApproval, { params: { id } })).toMatchObject({ status: 'withdrawn' })
  })
})

describe('after another flow', () => {
  test('starts with what that one found, when it ended as wanted', async () => {
    const first = await make()
    const second = await make({ prompt: 'mail {{previous_result}}', triggers: [{ type: 'flow', flowId: first.id }] })
    const third = await make({ triggers: [{ type: 'flow', flowId: first.id, on: 'failure' }] })
    await work((await trigger(first)).runId, 'SUCCEEDED', 'three leaks')
    const [row] = await expectRows(second, { status: 'approved', origin: 'flow' })
    expect((await the.app.call(getRun, { params: { id: row?.runId ?? '' } })).input).toBe('mail three leaks')
    expect(await rows(third)).toEqual([])
    await work((await trigger(first)).runId, 'FAILED')
    await expectRows(third, { status: 'approved', origin: 'flow' })
  })
})

test('starts with the rights of whose it is, whoever starts it, and says when those are gone', async () => {
  const [member, other] = [await join(the.app, 'member'), await join(the.app, 'member')]
  const agent = await the.app.call(createAgent, { body: { name: 'Hers' } }, member.token)
  const body = { title: 'Hers', prompt: 'x', agentId: agent.id, cronExpression: '0 * * * *', timezone: 'UTC' }
  const flow = await the.app.call(createFlow, { body }, member.token)
  const { runId } = await trigger(flow)
  const sees = async (token: string) => (await the.app.request('GET', `/api/v1/runs/${runId}`, { token })).status
  expect([await sees(member.token), await sees(other.token)]).toEqual([200, 404])
  await work(runId)
  await the.app.call(changeUser, { params: { id: member.id }, body: { role: 'viewer' } })
  expect((await read(flow)).standing).toMatchObject({ state: 'blocked', problems: [{ code: 'FORBIDDEN' }] })
  await pass(hour)
  await expectRows(flow, { status: 'refused', reason: { code: 'FORBIDDEN' } }, { status: 'completed' })
})

test('triggers that are named stay themselves when others are changed', async () => {
  const flow = await make({ triggers: [{ type: 'webhook' }, { type: 'schedule', cron: '@daily', timezone: 'UTC' }] })
  const id = flow.triggers[0]?.id ?? ''
  await the.app.call(newWebhookSecret, { params: { id: flow.id, triggerId: id } })
  const changed = await change(flow, { triggers: [{ type: 'webhook', id }] })
  expect(changed.triggers).toMatchObject([{ id, type: 'webhook', signed: true }])
})

test('a flow is deleted with its history, but not while it runs; its runs stay', async () => {
  const flow = await make()
  const tick = await trigger(flow)
  const running = await the.app.request('DELETE', `/api/v1/flows/${flow.id}`)
  expect(running).toMatchObject({ status: 409, error: { code: 'FLOW_RUNNING' } })
  await work(tick.runId)
  await the.app.call(changeFlow, { params: { id: flow.id }, body: { mode: 'always_ask' } })
  await trigger(flow)
  const asked = await waitsFor(flow)
  await the.app.call(deleteFlow, { params: { id: flow.id } })
  expect(await the.app.request('GET', `/api/v1/approvals/${asked.id}`)).toMatchObject({ status: 404 })
  expect(await the.app.request('GET', `/api/v1/flows/${flow.id}`)).toMatchObject({ status: 404 })
  expect((await the.app.call(listRuns, { query: { agentId: the.agentId } })).data).toHaveLength(1)
})
