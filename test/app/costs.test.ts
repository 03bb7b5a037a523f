import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { getCosts, getPrices } from '#contract/money/costs'
import { getUsage } from '#contract/money/usage'
import { listRunEvents } from '#contract/runs/events'
import { getRun, launchRun } from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const clock = testClock(Date.parse('2026-03-10T12:00:00Z'))
const day = 24 * 3_600_000
const usage = { inputTokens: 100_000, outputTokens: 20_000, cacheReadTokens: 1_000_000, cacheWriteTokens: 0 }
/** By hand, from the list prices of claude-haiku-4-5: 1 and 5 USD a million, 0.1 for what is read from the cache. */
const estimated = 0.1 + 0.1 + 0.1

let app: App
let runner: RunnerClient
const agents: Record<'told' | 'guessed' | 'unknown', string> = { told: '', guessed: '', unknown: '' }
const runs: Record<string, string> = {}

beforeAll(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app)
  for (const name of ['told', 'guessed', 'unknown'] as const)
    agents[name] = (
      await app.call(createAgent, { body: { name, provider: 'anthropic', model: 'claude-haiku-4-5' } })
    ).id
  runs.told = await work(app, runner, agents.told, { model: 'claude-opus-5', usage, costUsd: 0.9 })
  runs.guessed = await work(app, runner, agents.guessed, { model: 'claude-haiku-4-5-20251001', usage })
  clock.advance(day)
  runs.unknown = await work(app, runner, agents.unknown, { model: 'a-model-of-nobody', usage })
  runs.idle = await work(app, runner, agents.unknown, { model: 'a-model-of-nobody' })
})
afterAll(() => app.close())

const runOf = (name: string) => app.call(getRun, { params: { id: runs[name] ?? '' } })

test('what a runtime tells is taken as it is; what it does not tell is estimated by list prices and says so', async () => {
  expect(await runOf('told')).toMatchObject({ costUsd: 0.9, costEstimated: false })
  const guessed = await runOf('guessed')
  expect(guessed.costEstimated).toBe(true)
  expect(guessed.costUsd).toBeCloseTo(estimated, 10)
  const { data } = await app.call(listRunEvents, { params: { id: guessed.id } })
  expect(data.at(-1)?.data).toMatchObject({ costEstimated: true, costUsd: guessed.costUsd })
})

test('the price of a model that nobody knows is unknown, not nothing', async () => {
  expect(await runOf('unknown')).toMatchObject({ costUsd: null, costEstimated: false })
  const { data } = await app.call(getUsage, { query: { period: 'week' } })
  expect(data.find(row => row.name === 'unknown')).toMatchObject({
    costUsd: null,
    estimatedUsd: 0,
    unpriced: 1,
    runs: 2
  })
})

test('a price that is told later takes the place of an estimate', async () => {
  const { runId, attempt } = await held()
  const assignment = { runId, attempt } as Awaited<ReturnType<typeof held>>
  await runner.send(assignment, { type: 'facts', facts: { model: 'claude-haiku-4-5', usage } })
  expect(await app.call(getRun, { params: { id: runId } })).toMatchObject({ costEstimated: true })
  await runner.send(assignment, { type: 'facts', facts: { costUsd: 0.05 } })
  await runner.send(assignment, { type: 'facts', facts: { usage } })
  expect(await app.call(getRun, { params: { id: runId } })).toMatchObject({ costUsd: 0.05, costEstimated: false })
  await runner.finish(assignment, 'CANCELLED')
})

async function held() {
  const { id } = await app.call(launchRun, { body: { prompt: 'x', runtime: 'claude-code' } })
  const assignment = await runner.take(id)
  await runner.send(assignment, { type: 'started' })
  return assignment
}

test('costs stand by provider, model, agent and day, with their share of what is known', async () => {
  const costs = await app.call(getCosts, { query: { from: '2026-03-10', to: '2026-03-10' } })
  expect(costs).toMatchObject({ from: '2026-03-10T00:00:00.000Z', to: '2026-03-11T00:00:00.000Z' })
  expect(costs.total.costUsd).toBeCloseTo(0.9 + estimated, 10)
  expect(costs.total.estimatedUsd).toBeCloseTo(estimated, 10)
  expect(costs.byProvider).toMatchObject([{ key: 'anthropic', runs: 2, share: 1 }])
  expect(costs.byAgent.map(row => row.name).sort()).toEqual(['guessed', 'told'])
  expect(costs.byAgent[0]).toMatchObject({ model: 'claude-haiku-4-5' })
  expect(costs.byDay.map(row => [row.key, row.runs])).toEqual([['2026-03-10', 2]])
  const opus = costs.byModel.find(row => row.key === 'claude-opus-5')
  expect(opus?.share).toBeCloseTo(0.75, 5)
  // By list: input 0.5, cache 0.5, output 0.5; what was paid divides alike.
  expect(opus?.inputUsd).toBeCloseTo(0.6, 10)
  expect(opus?.outputUsd).toBeCloseTo(0.3, 10)
})

test('of one agent alone, and of the days that a period has', async () => {
  const one = await app.call(getCosts, { query: { agentId: 'unknown', period: 'day' } })
  expect(one.total).toMatchObject({ runs: 2, costUsd: null, unpriced: 1 })
  expect(one.byAgent).toMatchObject([{ name: 'unknown', share: null }])
  expect(one.byModel).toMatchObject([{ key: 'a-model-of-nobody', inputUsd: null, outputUsd: null }])
})

test.each([
  ['?from=2026-03-11&to=2026-03-10', 'from'],
  ['?from=yesterday', 'from'],
  ['?period=year', 'period']
])('%s is refused and names the field', async (query, field) => {
  const answer = await app.request('GET', `/api/v1/costs${query}`)
  expect([answer.status, answer.error.field]).toEqual([400, field])
})

test('the price table says where its prices are from', async () => {
  const { sources, models } = await app.call(getPrices)
  expect(sources.map(source => source.provider).sort()).toEqual(['anthropic', 'google', 'openai'])
  expect(models.length).toBeGreaterThan(20)
})
