import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent, getAgent } from '#contract/fleet/agents'
import { createBudget, getBudget } from '#contract/money/budgets'
import { getCosts, getDailyCosts, getForecast, listAdvice } from '#contract/money/costs'
import { getUsage } from '#contract/money/usage'
import { getWorkforce } from '#contract/money/workforce'
import { getRun } from '#contract/runs/runs'
import { plainUsd } from '#contract/usd'
import { connectAgenfleet } from '../kit/agenfleet-client.ts'
import { testClock } from '../kit/clock.ts'
import { connectDialect } from '../kit/dialect-client.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const day = 24 * 3_600_000
const clock = testClock(Date.parse('2026-03-06T12:00:00Z'))
let app: App
let runner: RunnerClient
let ada: string
let estimated: string

/** As decimals the costs of Ada are 1.1; added as binary fractions they are not. */
const told = [0.3, 0.6, 0.1, 0.1]

beforeAll(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app)
  ada = (await app.call(createAgent, { body: { name: 'Ada', provider: 'anthropic', model: 'claude-opus-4-5' } })).id
  for (const costUsd of told) {
    await work(app, runner, ada, { model: 'claude-opus-4-5', tokens: 1_000_003, costUsd })
    clock.advance(day)
  }
  const bob = await app.call(createAgent, { body: { name: 'Bob', provider: 'anthropic', model: 'claude-haiku-4-5' } })
  // By list prices 0.001 + 0.01 + 0.00098, which binary fractions do not add up to 0.01198.
  const usage = { inputTokens: 1000, outputTokens: 2000, cacheReadTokens: 9800, cacheWriteTokens: 0 }
  estimated = await work(app, runner, bob.id, { model: 'claude-haiku-4-5', usage })
  for (const costUsd of [0.1, 0.2]) await work(app, runner, bob.id, { model: 'claude-haiku-4-5', costUsd })
})
afterAll(() => app.close())

/** Every number of an answer that is not written as an amount of money is. */
function noisy(value: unknown, path = ''): string[] {
  if (typeof value === 'number')
    return /usd|cost|spen|forecast$|saving/i.test(path) && value !== plainUsd(value) ? [`${path}: ${value}`] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => noisy(part, `${path}.${name}`))
}

test('the sums are those of the decimals', async () => {
  expect(told.reduce((sum, cost) => sum + cost, 0)).not.toBe(1.1)
  const { data, total } = await app.call(getUsage, { query: { period: 'month' } })
  expect(data.map(row => [row.name, row.costUsd]).sort()).toEqual([
    ['Ada', 1.1],
    ['Bob', 0.31198]
  ])
  expect([total.costUsd, total.estimatedUsd]).toEqual([1.41198, 0.01198])
  expect(await app.call(getForecast)).toMatchObject({ spentUsd: 1.41198 })
  const { counters } = await app.call(getAgent, { params: { id: 'bob' } })
  expect(counters.costUsdToday).toBe(0.31198)
})

test('what a run cost by the price table is told without noise, and so by the faces of others', async () => {
  expect((await app.call(getRun, { params: { id: estimated } })).costUsd).toBe(0.01198)
  const fleetrun = await connectDialect(app, '/fleetrun', 'fleetrun')
  const { body } = await fleetrun.call<{ by_agent: { name: string; cost: number }[] }>('GET', '/api/usage')
  expect(body.by_agent.find(row => row.name === 'Bob')?.cost).toBe(0.31198)
  const agenfleet = await connectAgenfleet(app)
  for (const path of ['cost-analysis/summary', 'cost-analysis/by-model', 'cost-analysis/agents', 'billing/summary']) {
    const answer = await agenfleet.call('GET', `/api/${path}`)
    expect([path, answer.status, noisy(answer.body)]).toEqual([path, 200, []])
  }
})

test('no face of money tells noise: parts, means, forecasts and savings as little as sums', async () => {
  const days = { from: '2026-03-01', to: '2026-03-31' }
  const answers = [
    await app.call(getCosts, { query: days }),
    await app.call(getDailyCosts, { query: { ...days, apart: 1 } }),
    await app.call(getForecast),
    await app.call(getWorkforce),
    await app.call(listAdvice),
    await app.call(getUsage, { query: { groupBy: 'model' } })
  ]
  expect(answers.flatMap(answer => noisy(answer))).toEqual([])
  const table = await app.request('GET', '/api/v1/costs/export?from=2026-03-01&to=2026-03-31')
  expect(table.text).toContain(',0.31198,0.01198,')
})

test('budgets count the same', async () => {
  const { id, spent } = await app.call(createBudget, { body: { amount: 5, period: 'month' } })
  expect(spent).toBe(1.41198)
  await work(app, runner, ada, { model: 'claude-opus-4-5', costUsd: 0.2 })
  expect(await app.call(getBudget, { params: { id } })).toMatchObject({ spent: 1.61198 })
})
