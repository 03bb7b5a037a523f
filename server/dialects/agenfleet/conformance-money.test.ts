import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBudget, listBudgets } from '#contract/money/budgets'
import { type AgenfleetClient, connectAgenfleet, unlimited } from '../../../test/kit/agenfleet-client.ts'
import { testClock } from '../../../test/kit/clock.ts'
import { isoTime, says, type Thing } from '../../../test/kit/dialect-client.ts'
import { connectRunner, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'
import { work } from '../../../test/kit/work.ts'
import { exportAudit } from './endpoints/audit.ts'

const clock = testClock(Date.parse('2026-03-10T12:00:00Z'))
const day = 24 * 3_600_000
const usage = { inputTokens: 60_000, outputTokens: 20_000, cacheReadTokens: 37_000, cacheWriteTokens: 3000 }

let app: App
let runner: RunnerClient
let client: AgenfleetClient

beforeAll(async () => {
  app = await startApp({ clock, args: ['--limits', unlimited] })
  runner = await connectRunner(app, { capacity: 10 })
  client = await connectAgenfleet(app)
}, 60_000)
afterAll(() => app.close())

const call: AgenfleetClient['call'] = (...parts) => client.call(...parts)
const list: AgenfleetClient['list'] = (...parts) => client.list(...parts)
const makeAgent: AgenfleetClient['makeAgent'] = more => client.makeAgent(more)

describe('money', () => {
  let cheap: Thing
  let dear: Thing

  beforeAll(async () => {
    cheap = await makeAgent({ config: { model: { default: 'claude-haiku-4-5' } } })
    dear = await makeAgent({ config: { model: { default: 'claude-opus-4-5' } } })
    for (let n = 0; n < 5; n++) {
      await work(app, runner, dear.id, { model: 'claude-opus-4-5', usage, costUsd: 2 })
      if (n < 3) clock.advance(day)
    }
    await work(app, runner, cheap.id, { model: 'claude-haiku-4-5', usage, costUsd: 0.5 })
    await client.again()
  })

  test('the summary says what the month cost, by provider and by model', async () => {
    const { body } = await call<Record<string, never>>('GET', '/api/cost-analysis/summary')
    expect(body).toEqual({
      tokenCost: {
        total: expect.any(Number),
        byProvider: expect.arrayContaining([{ provider: 'anthropic', cost: expect.any(Number) }]),
        byModel: expect.arrayContaining([{ model: 'claude-opus-4-5', cost: 10 }])
      },
      totalSpend: expect.any(Number),
      budget: { total: null, utilization: null },
      agentCount: (await list()).pagination.total,
      providerCount: expect.any(Number)
    })
  })

  test('input is what a model was sent, from a cache or not', async () => {
    const providers = await call<{ providers: Record<string, unknown>[] }>('GET', '/api/cost-analysis/by-provider')
    expect(providers.body.providers.find(row => row.providerId === 'anthropic')).toMatchObject({ totalTokens: 720_000 })
    const models = await call<{ models: Record<string, unknown>[] }>('GET', '/api/cost-analysis/by-model')
    expect(models.body.models.map(row => [row.model, row.inputTokens])).toEqual(
      expect.arrayContaining([
        ['claude-opus-4-5', 500_000],
        ['claude-haiku-4-5', 100_000]
      ])
    )
  })

  test('by provider with its models', async () => {
    const { body } = await call<{ providers: Record<string, unknown>[] }>('GET', '/api/cost-analysis/by-provider')
    expect(body.providers.find(row => row.providerId === 'anthropic')).toEqual({
      providerId: 'anthropic',
      providerName: 'Anthropic',
      totalCost: expect.any(Number),
      totalTokens: expect.any(Number),
      models: expect.arrayContaining(['claude-opus-4-5', 'claude-haiku-4-5'])
    })
  })

  test('by model with what went in and out', async () => {
    const { body } = await call<{ models: Record<string, number>[] }>('GET', '/api/cost-analysis/by-model')
    const row = body.models.find(one => String(one.model) === 'claude-opus-4-5') ?? {}
    expect(row).toMatchObject({ provider: 'anthropic', totalCost: 10, inputTokens: 500_000, outputTokens: 100_000 })
    expect((row.inputCost ?? 0) + (row.outputCost ?? 0)).toBeCloseTo(10, 8)
    const parts = body.models.map(one => one.pctOfTotal ?? 0)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(100, 6)
  })

  test('a run that used no model is no source of cost; of one that did not say which, it is unknown', async () => {
    const nameless = await makeAgent()
    const sources = async () => {
      const { providers } = (await call<{ providers: Thing[] }>('GET', '/api/cost-analysis/by-provider')).body
      const { models } = (await call<{ models: Thing[] }>('GET', '/api/cost-analysis/by-model')).body
      return [providers.map(row => row.providerId), models.map(row => row.model)]
    }
    const before = await sources()
    await work(app, runner, nameless.id)
    await client.again()
    expect(await sources()).toEqual(before)
    await work(app, runner, nameless.id, { usage })
    await client.again()
    expect(await sources()).toEqual([['anthropic'], expect.arrayContaining(['unknown', 'claude-opus-4-5'])])
  })

  test('every agent with its budget, also one that did nothing', async () => {
    const idle = await makeAgent()
    await app.call(createBudget, { body: { agentId: dear.id, amount: 8, action: 'warn' } })
    const { body } = await call<{ agents: Thing[] }>('GET', '/api/cost-analysis/agents')
    expect(body.agents.find(row => row.id === dear.id)).toEqual({
      id: dear.id,
      name: dear.name,
      modelName: 'claude-opus-4-5',
      actualCost: 10,
      budget: 8,
      utilization: 1.25,
      overBudget: true,
      status: expect.stringMatching(/online|degraded/)
    })
    expect(body.agents.find(row => row.id === idle.id)).toMatchObject({
      actualCost: 0,
      budget: null,
      utilization: null,
      overBudget: false
    })
  })

  test('recommendations are computed from what was used, with their arithmetic', async () => {
    const { body } = await call<{ recommendations: Thing[] }>('GET', '/api/cost-analysis/recommendations')
    const own = body.recommendations.filter(row => row.agentId === dear.id)
    expect(own.length).toBeGreaterThan(0)
    expect(own[0]).toEqual({
      agentId: dear.id,
      agentName: dear.name,
      provider: 'anthropic',
      currentModel: 'claude-opus-4-5',
      recommendedModel: expect.stringMatching(/^claude-/),
      currentCost: expect.any(Number),
      recommendedCost: expect.any(Number),
      estimatedMonthlySavings: expect.any(Number),
      arithmetic: expect.stringContaining('÷')
    })
    expect(own[0]?.estimatedMonthlySavings).toBeGreaterThan(0)
  })

  test('the workforce: what each agent got done, how well, how fast and at what cost', async () => {
    const { body } = await call<{ agents: Thing[] }>('GET', '/api/workforce/summary')
    expect(body).toMatchObject({ humanMinutesPerSuccess: 15, total: { runs: expect.any(Number) } })
    expect(body.agents.find(row => row.id === dear.id)).toEqual({
      id: dear.id,
      name: dear.name,
      runs: 5,
      successRate: 1,
      medianDurationMs: expect.any(Number),
      busyTimeMs: expect.any(Number),
      humanMinutesSaved: 75,
      costPerSuccess: 2
    })
  })

  test('billing tells spend, budget and forecast; the budget is set, changed and removed', async () => {
    const before = await call('GET', '/api/billing/summary')
    expect(before).toMatchObject({
      status: 200,
      body: {
        periodStart: '2026-03-01T00:00:00.000Z',
        periodEnd: '2026-04-01T00:00:00.000Z',
        currency: 'USD',
        spend: expect.any(Number),
        monthlyBudget: null
      }
    })
    expect(Number(before.body.forecast)).toBeGreaterThan(Number(before.body.spend))
    for (const monthlyBudget of [500, 750]) {
      const set = await call('PUT', '/api/billing/budget', { monthlyBudget })
      expect(set).toMatchObject({ status: 200, body: { monthlyBudget, utilization: expect.any(Number) } })
      const fleet = (await app.call(listBudgets)).data.filter(budget => budget.scope === 'fleet')
      expect(fleet).toMatchObject([{ amount: monthlyBudget, period: 'month', unit: 'usd' }])
    }
    expect((await call('GET', '/api/cost-analysis/summary')).body).toMatchObject({ budget: { total: 750 } })
    expect((await call('PUT', '/api/billing/budget', { monthlyBudget: null })).body.monthlyBudget).toBeNull()
  })

  test.each([{}, { monthlyBudget: -1 }, { monthlyBudget: 0 }, { monthlyBudget: '100' }])(
    'a budget of %j is refused by its name',
    async body => {
      expect(await call('PUT', '/api/billing/budget', body)).toEqual({ status: 400, body: says('^monthlyBudget:') })
    }
  )
})

describe('audit', () => {
  test('tells who did what from where, with before and after and the chain, in pages', async () => {
    const { id } = await makeAgent({ role: 'Cook' })
    await call('PATCH', `/api/agents/${id}`, { role: 'Chef' })
    const { data, pagination } = await list(`?agentId=${id}`, '/api/audit')
    expect(pagination).toEqual({ total: 2, limit: 20, offset: 0, hasMore: false })
    expect(data[0]).toMatchObject({
      id: expect.any(String),
      timestamp: isoTime,
      actor: client.admin.name,
      actorId: expect.stringMatching(/^session:/),
      ip: '127.0.0.1',
      action: 'agent.changed',
      target: { type: 'agent', id },
      agentId: id,
      status: 'success',
      before: { role: 'Cook' },
      after: { role: 'Chef' },
      previousHash: data[1]?.hash,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/)
    })
  })

  test('is filtered by actor, type, time and status', async () => {
    const actions = async (query: string) => (await list(query, '/api/audit')).data
    expect((await actions('?type=agent.created&limit=5')).every(entry => entry.action === 'agent.created')).toBe(true)
    expect((await actions(`?actor=${client.admin.name}`)).every(entry => entry.actor === client.admin.name)).toBe(true)
    await call('POST', '/api/auth/login', { email: client.admin.email, password: 'wrong' }, null)
    for (const status of ['success', 'failure']) {
      const found = await actions(`?status=${status}`)
      expect(found.length).toBeGreaterThan(0)
      expect(found.every(entry => entry.status === status)).toBe(true)
    }
    expect(await actions(`?from=${new Date(clock.now() + 1000).toISOString()}`)).toEqual([])
    expect(await actions('?to=2020-01-01T00:00:00Z')).toEqual([])
    for (const query of ['from=yesterday', 'status=maybe', 'status=ok', 'limit=-1', 'limit=', 'offset=1e2'])
      expect((await call('GET', `/api/audit?${query}`)).status).toBe(400)
  })

  test('actor=system is what happened by itself', async () => {
    const found = (await list('?actor=system', '/api/audit')).data
    expect(found.length).toBeGreaterThan(0)
    for (const { actorType } of found) expect(['system', 'scheduler', 'runner']).toContain(actorType)
    const { data } = await list('?limit=100', '/api/audit')
    expect(data.filter(({ actorType }) => actorType === 'runner').length).toBeGreaterThan(0)
  })

  test('is exported as JSON and as CSV', async () => {
    const json = await app.request('GET', '/agenfleet/api/audit/export', { token: client.token() })
    expect(json.headers.get('content-disposition')).toMatch(/\.json"$/)
    const { data } = exportAudit.output.parse(json.body)
    expect(data[0]?.id).toBe('1')
    const csv = await app.request('GET', '/agenfleet/api/audit/export?format=csv&type=agent', { token: client.token() })
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(csv.text.split('\n')[0]).toMatch(/^"id","timestamp","actor",/)
    expect((await call('GET', '/api/audit/export?format=xml')).status).toBe(400)
  })
})
