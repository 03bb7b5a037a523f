import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { getDailyCosts } from '#contract/money/costs'
import { testClock } from '../kit/clock.ts'
import { connectRunner } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const clock = testClock(Date.parse('2026-03-10T12:00:00Z'))
let app: App
let ada = ''
let bob = ''

beforeAll(async () => {
  app = await startApp({ clock })
  const runner = await connectRunner(app)
  ada = (await app.call(createAgent, { body: { name: 'Ada' } })).id
  bob = (await app.call(createAgent, { body: { name: '=Bob' } })).id
  await work(app, runner, ada, { model: 'big', costUsd: 4, tokens: 10 })
  await work(app, runner, ada, { model: 'middle', costUsd: 2, tokens: 10 })
  clock.advance(2 * 24 * 3_600_000)
  await work(app, runner, bob, { model: 'small', costUsd: 1, tokens: 5 })
  await work(app, runner, bob, { model: 'tiny', costUsd: 0.5, tokens: 5 })
  await work(app, runner, bob, { model: 'nobody-knows', tokens: 5 })
})
afterAll(() => app.close())

const span = { from: '2026-03-10', to: '2026-03-12' }
const daily = (query: Record<string, string | number>) => app.call(getDailyCosts, { query: { ...span, ...query } })

test('every day of the span is there, split by what costs most, the others together last', async () => {
  const { series, days } = await daily({ apart: 2 })
  expect(series).toEqual([
    { key: 'big', name: 'big', costUsd: 4 },
    { key: 'middle', name: 'middle', costUsd: 2 },
    { key: null, name: '', costUsd: 1.5 }
  ])
  expect(days.map(({ day, runs, costUsd, tokens }) => [day, runs, costUsd, tokens])).toEqual([
    ['2026-03-10', 2, 6, 40],
    ['2026-03-11', 0, 0, 0],
    ['2026-03-12', 3, 1.5, 30]
  ])
  expect(days[0]?.parts.map(part => part.costUsd)).toEqual([4, 2, 0])
  expect(days[2]).toMatchObject({ unpriced: 1, parts: [{ costUsd: 0 }, { costUsd: 0 }, { costUsd: 1.5, tokens: 30 }] })
})

test('one other alone is named like the rest; agents are split by their names, and one of them can be asked for', async () => {
  expect((await daily({ apart: 4 })).series.map(({ key }) => key)).toHaveLength(5)
  expect((await daily({ split: 'agent', apart: 1 })).series).toEqual([
    { key: ada, name: 'Ada', costUsd: 6 },
    { key: bob, name: '=Bob', costUsd: 1.5 }
  ])
  const { series, days } = await daily({ agentId: bob, apart: 1 })
  expect(series[0]).toMatchObject({ key: 'small' })
  expect(days.map(one => one.costUsd)).toEqual([0, 0, 1.5])
})

test('a span that is turned round, or longer than a year, is refused and names the field', async () => {
  for (const query of ['from=2026-03-12&to=2026-03-10', 'from=2020-01-01&to=2026-03-10']) {
    for (const path of ['days', 'export']) {
      const answer = await app.request('GET', `/api/v1/costs/${path}?${query}`)
      expect([answer.status, answer.error.field]).toEqual([400, 'from'])
    }
  }
})

test('the export is a table with a line for each day, agent and model, and no line that sums others up', async () => {
  const { text, headers } = await app.request('GET', '/api/v1/costs/export?from=2026-03-10&to=2026-03-12')
  expect(headers.get('content-type')).toContain('text/csv')
  expect(headers.get('content-disposition')).toContain('flotilla-costs-2026-03-10-to-2026-03-12.csv')
  const lines = text.trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^"day","agent_id","agent_name","provider","model","runs"/)
  expect(lines).toHaveLength(6)
  expect(lines.filter(line => line.includes('"Ada"'))).toHaveLength(2)
  expect(text).toContain(`"'=Bob"`)
  expect(
    (await app.request('GET', `/api/v1/costs/export?from=2026-03-10&to=2026-03-12&agentId=${ada}`)).text
  ).not.toContain('Bob')
})
