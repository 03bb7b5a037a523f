import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeAgent, createAgent, executeAgent, getAgent } from '#contract/fleet/agents'
import { getCosts, getForecast } from '#contract/money/costs'
import { maxRunTokens, maxRunUsd } from '#contract/money/figures'
import { getUsage } from '#contract/money/usage'
import { getWorkforce } from '#contract/money/workforce'
import { retryRun } from '#contract/runs/runs'
import { type TestClock, testClock } from '../kit/clock.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const day = 24 * 3_600_000

let clock: TestClock
let app: App
let runner: RunnerClient

beforeEach(async () => {
  clock = testClock(Date.parse('2026-03-10T12:00:00Z'))
  app = await startApp({ clock })
  runner = await connectRunner(app)
})
afterEach(() => app.close())

async function work(
  agentId: string,
  model: string,
  tokens: number,
  costUsd: number | null,
  outcome: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED'
) {
  await app.call(executeAgent, { params: { id: agentId }, body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  const usage = { inputTokens: tokens, outputTokens: tokens, cacheReadTokens: 0, cacheWriteTokens: 0 }
  await runner.send(assignment, { type: 'started' })
  clock.advance(1000)
  await runner.send(assignment, { type: 'facts', facts: { model, usage, ...(costUsd === null ? {} : { costUsd }) } })
  await runner.finish(
    assignment,
    outcome,
    outcome === 'FAILED' ? { error: { code: 'MODEL_ERROR', message: 'no' } } : {}
  )
}

test('runs are rolled up by agent, model, provider and day, and the total is their sum', async () => {
  const nova = await app.call(createAgent, { body: { name: 'Nova', provider: 'anthropic' } })
  const rex = await app.call(createAgent, { body: { name: 'Rex' } })
  await work(nova.id, 'opus', 100, 0.5)
  await work(nova.id, 'haiku', 10, 0.01, 'FAILED')
  clock.advance(day)
  await work(rex.id, 'haiku', 20, null)

  const byAgent = await app.call(getUsage, { query: { period: 'week' } })
  expect(byAgent.data).toMatchObject([
    { key: nova.id, name: 'Nova', runs: 2, succeeded: 1, failed: 1, busyMs: 2000, costUsd: 0.51, unpriced: 0 },
    { key: rex.id, name: 'Rex', runs: 1, usage: { inputTokens: 20, outputTokens: 20 }, costUsd: null, unpriced: 1 }
  ])
  expect(byAgent.total).toMatchObject({ runs: 3, costUsd: 0.51, usage: { inputTokens: 130 } })

  const byModel = await app.call(getUsage, { query: { period: 'week', groupBy: 'model' } })
  expect(byModel.data.map(row => [row.key, row.runs])).toEqual([
    ['opus', 1],
    ['haiku', 2]
  ])
  const byDay = await app.call(getUsage, { query: { period: 'week', groupBy: 'day' } })
  expect(byDay.data.map(row => [row.key, row.runs])).toEqual([
    ['2026-03-10', 2],
    ['2026-03-11', 1]
  ])
  const today = await app.call(getUsage, { query: { period: 'day', agentId: nova.slug } })
  expect(today.total.runs).toBe(0)
  expect((await app.call(getAgent, { params: { id: rex.id } })).counters).toMatchObject({
    inputTokensToday: 20,
    outputTokensToday: 20
  })
})

test('an agent near its tokens of the day is degraded, with the figure', async () => {
  const agent = await app.call(createAgent, { body: { name: 'Hungry', limits: { dailyTokenBudget: 100 } } })
  await work(agent.id, 'haiku', 45, 0.1)
  expect(await app.call(getAgent, { params: { id: agent.id } })).toMatchObject({
    status: 'degraded',
    statusReason: 'It used 90 % of its tokens of today'
  })
})

test.each(['?period=year', '?groupBy=mood'])('%s is refused and names the field', async query => {
  const answer = await app.request('GET', `/api/v1/usage${query}`)
  expect([answer.status, answer.error.field]).toEqual([400, /\?(\w+)=/.exec(query)?.[1]])
})

const tokens = (inputTokens: number) => ({ inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 })

test.each([
  ['usage', { usage: tokens(Number.MAX_SAFE_INTEGER) }],
  ['usage', { usage: tokens(-1) }],
  ['usage', { usage: { ...tokens(1), cacheReadTokens: maxRunTokens + 1 } }],
  ['costUsd', { costUsd: 1e308 }],
  ['costUsd', { costUsd: maxRunUsd + 1 }],
  ['contextUsed', { contextUsed: 2 ** 52 }]
])('a claim that cannot be is refused at the door by the name of %s: %j', async (name, facts) => {
  const agent = await app.call(createAgent, { body: { name: 'Boaster' } })
  await app.call(executeAgent, { params: { id: agent.id }, body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  await expect(runner.send(assignment, { type: 'facts', facts })).rejects.toThrow(
    new RegExp(`INVALID_REQUEST.*${name}`)
  )
})

test('the greatest claims of many runs leave every figure readable, for all and for others', async () => {
  const greedy = await app.call(createAgent, { body: { name: 'Greedy', provider: 'anthropic' } })
  const other = await app.call(createAgent, { body: { name: 'Other' } })
  for (let n = 0; n < 3; n++) await work(greedy.id, 'opus', maxRunTokens, maxRunUsd)
  await work(other.id, 'haiku', 10, 0.01)
  for (const groupBy of ['agent', 'model', 'provider', 'day'] as const)
    expect((await app.call(getUsage, { query: { groupBy } })).total.usage.inputTokens).toBe(3 * maxRunTokens + 10)
  expect((await app.call(getCosts)).total.costUsd).toBeCloseTo(3 * maxRunUsd + 0.01)
  expect((await app.call(getForecast)).spentUsd).toBeCloseTo(3 * maxRunUsd + 0.01)
  expect((await app.call(getWorkforce)).total.runs).toBe(4)
  expect((await app.call(getAgent, { params: { id: greedy.id } })).counters.inputTokensToday).toBe(3 * maxRunTokens)
})

describe('a run that was lost at the end of a day and came back in the next', () => {
  const late = Date.parse('2026-03-31T23:59:30Z')
  const byDay = async () =>
    Object.fromEntries(
      (await app.call(getUsage, { query: { period: 'week', groupBy: 'day' } })).data.map(row => [
        row.key,
        [row.runs, row.succeeded, row.failed, row.usage.inputTokens]
      ])
    )

  /** Lost, with 100 tokens, on 31 March. */
  async function lostRun() {
    const agent = await app.call(createAgent, { body: { name: 'Night owl', provider: 'anthropic' } })
    await runner.leave()
    clock.advance(late - clock.now())
    runner = await connectRunner(app, { identity })
    await app.call(executeAgent, { params: { id: agent.id }, body: { prompt: 'x' } })
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { model: 'opus', usage: tokens(100) } })
    runner = await connectRunner(app, { identity, died: [] })
    return { agent, assignment }
  }
  const identity = '3f0f2c3e-7a39-4b8e-9a2b-3c64a1f0b6aa'

  test('is taken back from the day on which it was counted', async () => {
    const { assignment } = await lostRun()
    expect(await byDay()).toEqual({ '2026-03-31': [1, 0, 1, 100] })
    clock.advance(60_000)
    runner = await connectRunner(app, { identity }, [assignment])
    expect((await app.call(getUsage, { query: { period: 'week', groupBy: 'day' } })).total).toMatchObject({
      runs: 0,
      failed: 0
    })
    expect(
      Object.values(await byDay())
        .flat()
        .every(figure => figure === 0)
    ).toBe(true)
    expect(await byDay()).not.toHaveProperty('2026-04-01')
    await resumed(assignment).finish(assignment, 'SUCCEEDED')
    expect((await byDay())['2026-04-01']).toEqual([1, 1, 0, 100])
  })

  test('also where its agent got another provider meanwhile, and from the month before', async () => {
    const { agent, assignment } = await lostRun()
    await app.call(changeAgent, { params: { id: agent.id }, body: { provider: 'openai' } })
    clock.advance(60_000)
    runner = await connectRunner(app, { identity }, [assignment])
    const { data } = await app.call(getUsage, { query: { period: 'week', groupBy: 'provider' } })
    expect(data.map(row => [row.key, row.runs, row.failed])).toEqual([['anthropic', 0, 0]])
  })

  test('is counted anew where it tells more though somebody continued it', async () => {
    const { agent, assignment } = await lostRun()
    await app.call(retryRun, { params: { id: assignment.runId } })
    clock.advance(60_000)
    await resumed(assignment).send(assignment, { type: 'facts', facts: { model: 'haiku', usage: tokens(300) } })
    expect(await byDay()).toEqual({ '2026-03-31': [1, 0, 1, 300] })
    const { data } = await app.call(getUsage, { query: { period: 'week', groupBy: 'model', agentId: agent.id } })
    expect(data.map(row => [row.key, row.runs, row.usage.inputTokens])).toEqual(
      expect.arrayContaining([
        ['haiku', 1, 300],
        ['opus', 0, 0]
      ])
    )
  })

  /** The client of the process that came back numbers on from what was stored. */
  function resumed(assignment: { runId: string }) {
    const acked = runner.registration.resume.find(held => held.runId === assignment.runId)?.acked ?? 2
    runner.countFrom(assignment.runId, acked)
    return runner
  }
})
