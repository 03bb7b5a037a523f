import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeAgent, createAgent } from '#contract/fleet/agents'
import { getCosts, getDailyCosts, getForecast } from '#contract/money/costs'
import { getUsage } from '#contract/money/usage'
import { testClock } from '../kit/clock.ts'
import { join } from '../kit/people.ts'
import { connectRunner } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

let app: App
let both = ''

beforeAll(async () => {
  app = await startApp({ clock: testClock(Date.parse('2026-03-10T12:00:00Z')) })
  const runner = await connectRunner(app)
  const make = async (name: string, runtime: string) => (await app.call(createAgent, { body: { name, runtime } })).id
  both = await make('Both', 'claude-code')
  await work(app, runner, both, { model: 'big', costUsd: 4, tokens: 10 })
  await app.call(changeAgent, { params: { id: both }, body: { runtime: 'practice' } })
  await work(app, runner, both, { model: 'big', costUsd: 1, tokens: 5 })
  await work(app, runner, await make('Other', 'practice'), { model: 'small', costUsd: 2, tokens: 5 })
})
afterAll(() => app.close())

const day = { from: '2026-03-10', to: '2026-03-10' }

test('days are split by runtime, which is called as people call it', async () => {
  const { series, days } = await app.call(getDailyCosts, { query: { ...day, split: 'runtime' } })
  expect(series).toEqual([
    { key: 'claude-code', name: 'Claude Code', costUsd: 4 },
    { key: 'practice', name: 'Practice agent', costUsd: 3 }
  ])
  expect(days[0]?.parts).toEqual([
    { costUsd: 4, tokens: 20 },
    { costUsd: 3, tokens: 20 }
  ])
  const costs = await app.call(getCosts, { query: day })
  expect(costs.byRuntime.map(({ key, runs, costUsd }) => [key, runs, costUsd])).toEqual([
    ['claude-code', 1, 4],
    ['practice', 2, 3]
  ])
  const { data } = await app.call(getUsage, { query: { groupBy: 'runtime' } })
  expect(data.map(({ name }) => name)).toEqual(['Claude Code', 'Practice agent'])
})

test('figures of one runtime are of its runs alone, in sums, days, forecast and export, also of one agent', async () => {
  const query = { ...day, runtime: 'practice' }
  const costs = await app.call(getCosts, { query })
  expect([costs.total.costUsd, costs.total.runs]).toEqual([3, 2])
  expect(costs.byModel.map(({ key, costUsd }) => [key, costUsd])).toEqual([
    ['big', 1],
    ['small', 2]
  ])
  expect(costs.byAgent.map(({ name, costUsd }) => [name, costUsd])).toEqual([
    ['Both', 1],
    ['Other', 2]
  ])
  const ofOne = { ...query, agentId: both }
  expect((await app.call(getCosts, { query: ofOne })).total.costUsd).toBe(1)
  expect((await app.call(getDailyCosts, { query: { ...ofOne, split: 'agent' } })).days[0]?.costUsd).toBe(1)
  expect((await app.call(getForecast, { query: { runtime: 'practice' } })).spentUsd).toBe(3)
  const { text } = await app.request('GET', '/api/v1/costs/export?from=2026-03-10&to=2026-03-10&runtime=claude-code')
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/"big",.+"claude-code"$/)
  expect((await app.call(getCosts, { query: { ...day, runtime: 'nobody-has-it' } })).total.runs).toBe(0)
})

test('who sees only their own agents sees no runtime of others', async () => {
  const { token } = await join(app, 'member')
  expect((await app.call(getCosts, { query: day }, token)).byRuntime).toEqual([])
})
