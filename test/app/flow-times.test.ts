import { describe, expect, test } from 'vitest'
import { changeRetention } from '#contract/data'
import { archiveAgent, restoreAgent, stopAgent } from '#contract/fleet/agents'
import { createBudget } from '#contract/money/budgets'
import { previewSchedule } from '#contract/work/flow-triggers'
import type { Flow } from '#contract/work/flows'
import { day, hour, withFlows } from '../kit/flows.ts'

const { the, make, hourly, read, change, trigger, rows, runsOf, pass, expectRows, work } = withFlows({ apart: true })

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
    the.clock.set(Date.parse('2026-03-27T12:00:00Z') - the.clock.now())
    const preview = await the.app.call(previewSchedule, { query: { cron: '30 2 * * *', timezone: 'Europe/Paris' } })
    expect(preview).toMatchObject({ words: 'At 02:30', timezone: 'Europe/Paris' })
    expect(preview.next.slice(0, 3).map(({ local, shift }) => [local, shift])).toEqual([
      ['2026-03-28T02:30:00+01:00', false],
      ['2026-03-29T03:00:00+02:00', true],
      ['2026-03-30T02:30:00+02:00', false]
    ])
    const wrong = await the.app.request('GET', '/api/v1/flow-schedule?cron=61%20*%20*%20*%20*')
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
    the.clock.set(26 * hour)
    await the.app.restart()
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

describe('a flow that looks active and cannot start says so before its time', () => {
  const problems = async (flow: Flow) => (await read(flow)).standing.problems.map(({ code }) => code)

  test('since its agent is archived or paused', async () => {
    const flow = await hourly()
    await the.app.call(archiveAgent, { params: { id: the.agentId } })
    expect(await problems(flow)).toEqual(['AGENT_ARCHIVED'])
    await pass(hour)
    await expectRows(flow, { status: 'refused', reason: { code: 'AGENT_ARCHIVED' }, runId: null })
    await the.app.call(restoreAgent, { params: { id: the.agentId } })
    expect(await problems(flow)).toEqual([])
    await the.app.call(stopAgent, { params: { id: the.agentId } })
    expect(await problems(flow)).toEqual(['AGENT_PAUSED'])
  })

  test('since there is no the.runner, or none that may work there', async () => {
    const flow = await make()
    await the.runner.leave()
    expect(await problems(flow)).toEqual(['NO_RUNNER'])
  })

  test('since its budget is used up; it is refused, and no run is left behind', async () => {
    const flow = await hourly()
    await the.app.call(createBudget, {
      body: { agentId: the.agentId, unit: 'usd', period: 'day', amount: 0.01, action: 'stop' }
    })
    const first = await trigger(flow)
    expect(await problems(flow)).toEqual(['BUDGET_EXHAUSTED'])
    await change(flow, { overlap: 'parallel' })
    await pass(hour)
    await expectRows(flow, { status: 'refused', reason: { code: 'BUDGET_EXHAUSTED' } }, { id: first.id })
    expect(await runsOf(flow)).toHaveLength(1)
  })
})

test('its history is kept as long as runs are', async () => {
  const flow = await make()
  await work((await trigger(flow)).runId)
  await expect.poll(() => read(flow)).toMatchObject({ totalRuns: 1 })
  the.clock.set(3 * day)
  await the.app.call(changeRetention, { body: { runDays: 2 } })
  await expect.poll(() => rows(flow)).toEqual([])
  expect(await read(flow)).toMatchObject({ totalRuns: 1, recent: ['completed'] })
})
