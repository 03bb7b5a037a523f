import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testClock } from '../../../test/kit/clock.ts'
import { connectDialect, type DialectClient, says } from '../../../test/kit/dialect-client.ts'
import { connectRunner } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'

const dayMs = 24 * 3_600_000
const clock = testClock(Date.parse('2026-05-20T12:00:00Z'))
let app: App
let client: DialectClient
const agents: string[] = []

/** Two agents on two models: one worked three weeks ago, both worked today. */
beforeAll(async () => {
  app = await startApp({ clock })
  client = await connectDialect(app, '/fleetrun', 'fleetrun')
  for (const name of ['Ada', 'Bob']) {
    const wish = { name, role: 'x', model: 'claude-sonnet-4-5', provider: 'anthropic', glyph: '🤖' }
    agents.push((await client.call('POST', '/api/agents', wish)).body.id)
  }
  clock.advance(-21 * dayMs)
  await work(agents[0], 100, 'claude-sonnet-4-5')
  clock.advance(21 * dayMs)
  await work(agents[0], 10, 'claude-sonnet-4-5')
  await work(agents[1], 5, 'claude-haiku-4-5')
}, 60_000)
afterAll(() => app.close())

async function work(assignee: string | undefined, tokens: number, model: string): Promise<void> {
  const runner = await connectRunner(app)
  const { id: taskId } = (await client.call('POST', '/api/tasks', { title: 't', input: 'x', assignee })).body
  const stream = client.stream('/api/run', { taskId })
  const [assignment] = await runner.claim(1, 10)
  if (!assignment) throw new Error('nothing to claim')
  const usage = { inputTokens: tokens, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 }
  await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { usage, costUsd: tokens / 100, model } })
  await runner.finish(assignment, 'SUCCEEDED')
  await stream
  await runner.leave()
}

describe('usage', () => {
  test('of the month unless said otherwise: in all, by agent, by model, by day', async () => {
    const [ada, bob] = agents
    const { status, body } = await client.call('GET', '/api/usage')
    expect([status, body]).toEqual([
      200,
      {
        total_tokens: 118,
        task_count: 3,
        by_agent: [
          { agent_id: ada, name: 'Ada', tokens: 112, tasks: 2, cost: 1.1 },
          { agent_id: bob, name: 'Bob', tokens: 6, tasks: 1, cost: 0.05 }
        ],
        by_model: [
          { model: 'claude-sonnet-4-5', tokens: 112, tasks: 2, cost: 1.1 },
          { model: 'claude-haiku-4-5', tokens: 6, tasks: 1, cost: 0.05 }
        ],
        daily_breakdown: [
          { date: '2026-04-29', tokens: 101, tasks: 1, cost: 1 },
          { date: '2026-05-20', tokens: 17, tasks: 2, cost: expect.closeTo(0.15) }
        ]
      }
    ])
  })

  test.each(['day', 'week'])('of the %s leaves out what was before', async period => {
    const today = { total_tokens: 17, task_count: 2, daily_breakdown: [{ date: '2026-05-20' }] }
    expect((await client.call('GET', `/api/usage?period=${period}`)).body).toMatchObject(today)
    expect((await client.getWithBody('/api/usage', { period })).body).toMatchObject(today)
  })

  test('of one agent', async () => {
    const { body } = await client.call('GET', `/api/usage?agent=bob`)
    expect(body).toMatchObject({ total_tokens: 6, task_count: 1, by_agent: [{ agent_id: agents[1] }] })
    expect(body.by_model).toHaveLength(1)
  })

  test('of a period or an agent that there is not', async () => {
    expect(await client.call('GET', '/api/usage?period=year')).toEqual({ status: 400, body: says('^period:') })
    expect(await client.call('GET', '/api/usage?agent=nobody')).toEqual({
      status: 400,
      body: says('^agent: there is no agent')
    })
  })
})
