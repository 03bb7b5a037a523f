import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeAgent, createAgent, executeAgent, getAgent, startAgent } from '#contract/fleet/agents'
import { changeBudget, createBudget, deleteBudget, getBudget, listBudgets } from '#contract/money/budgets'
import type { Assignment } from '#contract/runners/runner-protocol'
import { cancelRun, getRun } from '#contract/runs/runs'
import { listMessages } from '#contract/work/messages'
import { type TestClock, testClock } from '../kit/clock.ts'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const day = 24 * 3_600_000

let clock: TestClock
let app: App
let runner: RunnerClient
let agentId = ''

beforeEach(async () => {
  clock = testClock(Date.parse('2026-03-10T12:00:00Z'))
  app = await startApp({ clock })
  runner = await connectRunner(app, { capacity: 100 })
  agentId = (await app.call(createAgent, { body: { name: 'Nova', provider: 'anthropic' } })).id
})
afterEach(() => app.close())

const limit = (body: Record<string, unknown>) =>
  app.call(createBudget, { body: { agentId, period: 'day', action: 'stop', ...body } }).then(budget => budget.id)
const budgetNow = (id: string) => app.call(getBudget, { params: { id } })
const agentNow = () => app.call(getAgent, { params: { id: agentId } })
const launch = () =>
  app.request('POST', `/api/v1/agents/${agentId}/execute`, { body: { prompt: 'x', continue: false } })
const spend = (costUsd: number) => work(app, runner, agentId, { costUsd, tokens: 10, model: 'm' })

async function held(): Promise<Assignment> {
  const { id } = await app.call(executeAgent, { params: { id: agentId }, body: { prompt: 'x', continue: false } })
  const assignment = (await runner.claim(100)).find(one => one.runId === id)
  if (!assignment) throw new Error('it was not handed out')
  await runner.send(assignment, { type: 'started' })
  return assignment
}

describe('a reserve', () => {
  test('keeps fifty launches at once within a budget for ten', async () => {
    const id = await limit({ amount: 2.5 })
    const answers = await Promise.all(Array.from({ length: 50 }, launch))
    expect(answers.filter(answer => answer.status === 201)).toHaveLength(10)
    const refused = answers.filter(answer => answer.status === 409)
    expect(refused).toHaveLength(40)
    expect(refused[0]?.error).toMatchObject({
      code: 'BUDGET_EXHAUSTED',
      details: { budgetId: id, resetsAt: '2026-03-11T00:00:00.000Z' }
    })
    expect(refused[0]?.error.message).toContain('Raise it')
    expect(await budgetNow(id)).toMatchObject({ reserved: 2.5, spent: 0, remaining: 0, state: 'ok' })
    for (const answer of answers)
      if (answer.status === 201) await app.call(cancelRun, { params: { id: (answer.body as { id: string }).id } })
    expect(await budgetNow(id)).toMatchObject({ reserved: 0, spent: 0, remaining: 2.5 })
  })

  test('is settled by what the run spent, and is then what nine of ten runs stayed below', async () => {
    const id = await limit({ amount: 100 })
    for (let n = 1; n <= 10; n++) await spend(n / 10)
    expect(await budgetNow(id)).toMatchObject({ spent: 5.5, reserved: 0 })
    const { runId } = await held()
    expect(await budgetNow(id)).toMatchObject({ reserved: 0.9 })
    await app.call(cancelRun, { params: { id: runId } })
  })

  test('of more than a small budget has lets one run through at a time', async () => {
    await limit({ amount: 0.1 })
    expect((await launch()).status).toBe(201)
    expect((await launch()).status).toBe(409)
    await runner.finish((await runner.claim(100)).at(-1) as Assignment, 'SUCCEEDED')
    expect((await launch()).status).toBe(201)
  })

  test('is made by every way to launch: a retry has none left, and a refused one leaves nothing behind', async () => {
    const id = await limit({ amount: 1 })
    const runId = await spend(1)
    const before = await budgetNow(id)
    const answer = await app.request('POST', `/api/v1/runs/${runId}/retry`)
    expect([answer.status, answer.error.code]).toEqual([409, 'BUDGET_EXHAUSTED'])
    expect(await budgetNow(id)).toEqual(before)
  })

  test('comes back to a run that was lost and lives again', async () => {
    const id = await limit({ amount: 10 })
    const assignment = await held()
    await runner.send(assignment, { type: 'facts', facts: { costUsd: 3 } })
    clock.advance(65_000)
    await connectRunner(app, { name: 'other' })
    await expect.poll(() => budgetNow(id)).toMatchObject({ spent: 3, reserved: 0 })
    await runner.send(assignment, { type: 'facts', facts: { costUsd: 4 } })
    expect(await budgetNow(id)).toMatchObject({ spent: 0, reserved: 4 })
    await runner.finish(assignment, 'SUCCEEDED')
    expect(await budgetNow(id)).toMatchObject({ spent: 4, reserved: 0 })
  })
})

describe('stop', () => {
  test('ends a running run that goes past it, and says why', async () => {
    await limit({ amount: 1 })
    const assignment = await held()
    await runner.send(assignment, { type: 'facts', facts: { costUsd: 0.9 } })
    expect((await app.call(getRun, { params: { id: assignment.runId } })).stopping).toBe('no')
    await runner.send(assignment, { type: 'facts', facts: { costUsd: 1.01 } })
    const stopping = await app.call(getRun, { params: { id: assignment.runId } })
    expect(stopping).toMatchObject({
      stopping: 'asked',
      statusReason: 'The budget of $1.00 a day of this agent is used up'
    })
    expect(await runner.commands()).toContainEqual(
      expect.objectContaining({ type: 'cancel', runId: assignment.runId, now: false })
    )
    await runner.finish(assignment, 'CANCELLED')
    expect(await app.call(getRun, { params: { id: assignment.runId } })).toMatchObject({
      status: 'CANCELLED',
      costUsd: 1.01,
      error: { code: 'BUDGET_EXHAUSTED', message: 'The budget of $1.00 a day of this agent is used up' }
    })
    expect((await launch()).status).toBe(409)
  })

  test('takes runs again when the day is over, or when it is raised', async () => {
    const id = await limit({ amount: 1 })
    await spend(1)
    expect(await budgetNow(id)).toMatchObject({ state: 'exhausted', utilization: 1 })
    expect((await launch()).status).toBe(409)
    await app.call(changeBudget, { params: { id }, body: { amount: 5 } })
    await spend(4)
    expect((await launch()).status).toBe(409)
    clock.advance(day)
    expect(await budgetNow(id)).toMatchObject({ state: 'ok', spent: 0 })
    await spend(0.5)
    expect(await budgetNow(id)).toMatchObject({ spent: 0.5 })
  })

  test('of the whole fleet counts every agent, and runs of nobody', async () => {
    const id = await limit({ agentId: null, amount: 1000, period: 'month' })
    const before = (await budgetNow(id)).spent
    await spend(1)
    agentId = (await app.call(createAgent, { body: { name: 'Another' } })).id
    await spend(2)
    expect((await budgetNow(id)).spent - before).toBeCloseTo(3, 6)
    await app.call(changeBudget, { params: { id }, body: { amount: before + 3 } })
    const answer = await app.request('POST', '/api/v1/runs', { body: { prompt: 'x', runtime: 'claude-code' } })
    expect(answer.error.message).toContain('of the fleet')
    await app.call(deleteBudget, { params: { id } })
    expect((await launch()).status).toBe(201)
  })
})

test('pause pauses the agent with the reason, until a person starts it', async () => {
  await limit({ amount: 1, action: 'pause' })
  const assignment = await held()
  await runner.send(assignment, { type: 'facts', facts: { costUsd: 2 } })
  expect((await app.call(getRun, { params: { id: assignment.runId } })).stopping).toBe('no')
  await runner.finish(assignment, 'SUCCEEDED')
  expect(await agentNow()).toMatchObject({
    status: 'paused',
    statusReason: 'The budget of $1.00 a day of this agent is used up; start it to let it work again'
  })
  expect((await launch()).error.code).toBe('AGENT_PAUSED')
  clock.advance(day)
  await app.call(startAgent, { params: { id: agentId } })
  expect((await launch()).status).toBe(201)
})

test('warn says so in the status of the agent and by a message, once, and stops nothing', async () => {
  await limit({ amount: 1, action: 'warn' })
  await spend(0.85)
  expect(await agentNow()).toMatchObject({ status: 'degraded', statusReason: 'It spent 85 % of its $1.00 of today' })
  await spend(0.05)
  await spend(0.5)
  const { data } = await app.call(listMessages, { query: { agent: agentId } })
  expect(data.map(message => message.text)).toEqual([
    'The budget of $1.00 a day of this agent is used up: $1.40 spent',
    '85 % of the budget of $1.00 a day of this agent are used: $0.85 spent'
  ])
  expect((await launch()).status).toBe(201)
  clock.advance(day)
  expect((await agentNow()).statusReason).not.toContain('spent')
})

test('the token limits of an agent are budgets: used up, it takes no run; changed there and nowhere else', async () => {
  await app.call(changeAgent, { params: { id: agentId }, body: { limits: { dailyTokenBudget: 100 } } })
  const { data } = await app.call(listBudgets, { query: { agentId } })
  expect(data).toMatchObject([{ unit: 'tokens', period: 'day', amount: 100, action: 'stop', source: 'agent' }])
  await work(app, runner, agentId, { tokens: 45, model: 'm', costUsd: 0.1 })
  expect(await agentNow()).toMatchObject({ status: 'degraded', statusReason: 'It used 90 % of its tokens of today' })
  expect((await launch()).error.message).toContain('90 tokens are spent')
  const id = data[0]?.id ?? ''
  expect((await app.request('PATCH', `/api/v1/budgets/${id}`, { body: { amount: 5 } })).status).toBe(409)
  await app.call(changeAgent, { params: { id: agentId }, body: { limits: { dailyTokenBudget: 1000 } } })
  expect(await agentNow()).toMatchObject({ status: 'idle', statusReason: null })
  expect((await launch()).status).toBe(201)
  await app.call(changeAgent, { params: { id: agentId }, body: { limits: {} } })
  expect((await app.call(listBudgets, { query: { agentId } })).data).toEqual([])
})

test('what was spent in its period before it was made counts', async () => {
  await spend(2)
  const id = await limit({ amount: 4, period: 'month' })
  expect(await budgetNow(id)).toMatchObject({
    spent: 2,
    periodStart: '2026-03-01T00:00:00.000Z',
    periodEnd: '2026-04-01T00:00:00.000Z'
  })
})

test('runs of unknown price are counted as such, not as free', async () => {
  const id = await limit({ amount: 4 })
  await work(app, runner, agentId, { tokens: 1000, model: 'a-model-of-nobody' })
  expect(await budgetNow(id)).toMatchObject({ spent: 0, unpricedRuns: 1 })
})

test('counters survive a restart', async () => {
  const id = await limit({ amount: 4 })
  await spend(1)
  const before = await budgetNow(id)
  await app.restart()
  runner = await connectRunner(app, { capacity: 100 })
  expect(await budgetNow(id)).toEqual(before)
})

test.each([
  [{ amount: 0 }, 400, 'amount'],
  [{ amount: -1 }, 400, 'amount'],
  [{ amount: '5' }, 400, 'amount'],
  [{ amount: 0.0000001 }, 400, 'amount'],
  [{ amount: 1e12 }, 400, 'amount'],
  [{}, 400, 'amount'],
  [{ amount: 1, period: 'year' }, 400, 'period'],
  [{ amount: 1, action: 'explode' }, 400, 'action'],
  [{ amount: 1, threshold: 2 }, 400, 'threshold'],
  [{ amount: 1, agentId: 'nobody' }, 400, 'agentId']
])('%j is refused and names the field', async (body, status, field) => {
  const answer = await app.request('POST', '/api/v1/budgets', { body })
  expect([answer.status, answer.error.field]).toEqual([status, field])
})

test('two who change one budget at once: the second is told', async () => {
  const id = await limit({ amount: 4 })
  const { headers } = await app.request('GET', `/api/v1/budgets/${id}`)
  const ifMatch = { 'if-match': headers.get('etag') ?? '' }
  const change = (amount: number) =>
    app.request('PATCH', `/api/v1/budgets/${id}`, { body: { amount }, headers: ifMatch }).then(answer => answer.status)
  expect([await change(5), await change(6)]).toEqual([200, 412])
})

describe('a budget that is used up', () => {
  const practice = (prompt: string) => app.request('POST', '/api/v1/runs', { body: { prompt, runtime: 'practice' } })
  let usedUp = ''
  let free: RunnerClient

  beforeEach(async () => {
    free = await connectRunner(app, { runtimes: [report('practice'), report('command')] })
    await spend(1)
    usedUp = (await app.call(createBudget, { body: { period: 'day', action: 'stop', amount: 1 } })).id
    expect(await budgetNow(usedUp)).toMatchObject({ state: 'exhausted' })
  })

  test('refuses no run of a runtime that costs nothing, and reserves nothing for it', async () => {
    expect((await launch()).error.code).toBe('BUDGET_EXHAUSTED')
    expect((await practice('list')).status).toBe(201)
    expect(await budgetNow(usedUp)).toMatchObject({ reserved: 0, spent: 1 })
  })

  test('refuses a program, which may cost whatever it likes', async () => {
    const body = { prompt: 'x', runtime: 'command', command: { program: 'true', args: [] } }
    expect((await app.request('POST', '/api/v1/runs', { body })).error.code).toBe('BUDGET_EXHAUSTED')
  })

  test('stops a run of a free runtime that spends all the same', async () => {
    const { id } = (await practice('list')).body as { id: string }
    const assignment = await free.claimOne()
    expect(assignment.runId).toBe(id)
    await free.send(assignment, { type: 'started' })
    await free.send(assignment, { type: 'facts', facts: { costUsd: 0.5 } })
    expect(await app.call(getRun, { params: { id } })).toMatchObject({
      statusReason: 'The budget of $1.00 a day of the fleet is used up'
    })
    expect(await budgetNow(usedUp)).toMatchObject({ reserved: 0.5 })
  })
})
