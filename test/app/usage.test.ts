import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAgent, executeAgent, getAgent } from '#contract/fleet/agents'
import { getUsage } from '#contract/money/usage'
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
