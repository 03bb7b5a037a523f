import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { getForecast, listAdvice } from '#contract/money/costs'
import { changeWorkforce, getWorkforce } from '#contract/money/workforce'
import { type TestClock, testClock } from '../kit/clock.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { type Work, work } from '../kit/work.ts'

const day = 24 * 3_600_000
let clock: TestClock
let app: App
let runner: RunnerClient

// A Sunday.
beforeEach(async () => {
  clock = testClock(Date.parse('2026-03-01T12:00:00Z'))
  app = await startApp({ clock })
  runner = await connectRunner(app)
})
afterEach(() => app.close())

const agent = async (name: string) => (await app.call(createAgent, { body: { name, provider: 'anthropic' } })).id
const run = (agentId: string, done: Work) =>
  work(app, runner, agentId, { model: 'claude-opus-5-5', tokens: 1000, ...done })

describe('a forecast', () => {
  test('is none under three full days, and says why', async () => {
    const id = await agent('Nova')
    expect(await app.call(getForecast)).toMatchObject({ spentUsd: 0, forecastUsd: null, daysOfData: 0, weekdays: [] })
    for (let n = 0; n < 3; n++) {
      await run(id, { costUsd: 1 })
      expect((await app.call(getForecast)).reason).toBe(`There are ${n} full days of data; a forecast needs 3`)
      clock.advance(day)
    }
    expect(await app.call(getForecast)).toMatchObject({ daysOfData: 3, reason: null })
  })

  test('goes on as the same weekdays were: dear Sundays, cheap Mondays, nothing else', async () => {
    const id = await agent('Nova')
    for (let n = 0; n < 15; n++) {
      if (n % 7 === 0) await run(id, { costUsd: n === 14 ? 4 : 10 })
      if (n % 7 === 1) await run(id, { costUsd: 2 })
      if (n < 14) clock.advance(day)
    }
    const forecast = await app.call(getForecast)
    // It is Sunday the 15th with 4 of its 10 spent; 22 and 29 are Sundays; 16, 23 and 30 Mondays.
    expect(forecast).toMatchObject({ monthEnd: '2026-04-01T00:00:00.000Z', daysOfData: 14, spentUsd: 28 })
    expect(forecast.forecastUsd).toBeCloseTo(28 + 6 + 2 * 10 + 3 * 2, 6)
    expect(forecast.weekdays[0]).toEqual({ weekday: 0, days: 2, meanUsd: 10 })
    const other = await app.call(getForecast, { query: { agentId: await agent('Idle') } })
    expect(other).toMatchObject({ spentUsd: 0, forecastUsd: null, daysOfData: 0 })
  })

  test('is none where no cost is known', async () => {
    const id = await agent('Nova')
    for (let n = 0; n < 4; n++) {
      await run(id, { model: 'a-model-of-nobody' })
      clock.advance(day)
    }
    expect(await app.call(getForecast)).toMatchObject({
      spentUsd: null,
      unpriced: 4,
      forecastUsd: null,
      reason: 'No cost of this month is known'
    })
  })
})

describe('advice', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 200_000, cacheReadTokens: 0, cacheWriteTokens: 0 }

  test('names cheaper models of the same provider, from what was used, with the arithmetic', async () => {
    const id = await agent('Nova')
    for (let n = 0; n < 5; n++) {
      await run(id, { usage, costUsd: 8 })
      if (n < 4) clock.advance(day)
    }
    const { data } = await app.call(listAdvice)
    // 5 million tokens of input at $4 and 1 million of output at $20.
    expect(data).toMatchObject([
      { agentId: id, agentName: 'Nova', model: 'claude-opus-5-5', runs: 5, days: 5, listUsd: 40 }
    ])
    const options = data[0]?.options ?? []
    expect(options.map(option => option.model)).toEqual(['claude-haiku-4-5', 'claude-sonnet-5-5'])
    expect(options[0]?.listUsd).toBeCloseTo(10, 6)
    expect(options[0]?.monthlySavingUsd).toBeCloseTo(((40 - 10) / 5) * 30, 6)
    expect(options[0]?.arithmetic).toBe(
      'claude-opus-5-5: 5,000,000 input × $4 a million + 1,000,000 output × $20 a million = $40.00. ' +
        'claude-haiku-4-5: 5,000,000 input × $1 a million + 1,000,000 output × $5 a million = $10.00. ' +
        '($40.00 − $10.00) ÷ 5 days × 30 = $180.00 a month.'
    )
  })

  test('is none without enough data, without a price, or when nothing is cheaper', async () => {
    const [few, unknown, cheap] = [await agent('Few'), await agent('Unknown'), await agent('Cheap')]
    await run(few, { usage, costUsd: 8 })
    for (let n = 0; n < 5; n++) {
      await run(unknown, { usage, model: 'a-model-of-nobody' })
      await run(cheap, { usage, model: 'claude-haiku-4-5' })
      clock.advance(day)
    }
    expect((await app.call(listAdvice)).data).toEqual([])
  })
})

test('the workforce: what each agent got done, how fast, at what cost, by a stated assumption', async () => {
  const id = await agent('Nova')
  const took = (ms: number) => ({ meanwhile: () => clock.advance(ms) })
  await run(id, { costUsd: 1, ...took(1000) })
  await run(id, { costUsd: 2, ...took(9000) })
  await run(id, { costUsd: 3, outcome: 'FAILED', ...took(2000) })
  const unknown = await agent('Unknown')
  await run(unknown, { model: 'a-model-of-nobody' })

  const first = await app.call(getWorkforce)
  expect(first.assumptions).toEqual({ humanMinutesPerSuccess: 15 })
  expect(first.data).toEqual([
    {
      agentId: id,
      name: 'Nova',
      runs: 3,
      succeeded: 2,
      failed: 1,
      successRate: 2 / 3,
      busyMs: 12_000,
      medianMs: 2000,
      humanMinutesSaved: 30,
      valued: { runs: 0, humanMinutes: 0 },
      costUsd: 6,
      estimatedUsd: 0,
      unpriced: 0,
      costPerSuccessUsd: 3
    },
    expect.objectContaining({ agentId: unknown, costUsd: null, unpriced: 1, costPerSuccessUsd: null, medianMs: 0 })
  ])
  expect(first.total).toMatchObject({ runs: 4, succeeded: 3, humanMinutesSaved: 45 })

  expect(await app.call(changeWorkforce, { body: { humanMinutesPerSuccess: 60 } })).toEqual({
    humanMinutesPerSuccess: 60
  })
  await app.restart()
  expect((await app.call(getWorkforce)).total.humanMinutesSaved).toBe(180)
  expect((await app.request('PATCH', '/api/v1/workforce', { body: { humanMinutesPerSuccess: -1 } })).status).toBe(400)
})
