import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { changeMcp, createMcp, listMcps } from '#contract/fleet/mcps'
import type { Assignment, McpOutcome } from '#contract/runners/runner-protocol'
import { launchRun } from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { eventsOf } from '../kit/events.ts'
import { answerMcpCheck, connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const clock = testClock()
let app: App
let runner: RunnerClient
let server: { id: string; name: string }
let made = 0

beforeAll(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app, { capacity: 100 })
})
afterAll(() => app.close())
beforeEach(async () => {
  server = await app.call(createMcp, { body: { name: `server-${++made}`, transport: 'stdio', command: 'x' } })
})

async function launch(): Promise<Assignment> {
  const { id } = await app.call(launchRun, { body: { prompt: 'x' } })
  return await runner.take(id)
}

const given = async (assignment: Assignment) => assignment.mcpServers.some(({ name }) => name === server.name)
const status = async () => (await app.call(listMcps)).data.find(mcp => mcp.id === server.id)
const asked = async () => (await runner.commands()).some(command => command.type === 'ask')

/** A run in which the server came out so. */
async function ran(outcome: Partial<McpOutcome>): Promise<void> {
  const assignment = await launch()
  const mcps = [{ name: server.name, ok: false, hangs: false, detail: null, ...outcome }]
  await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { mcps } })
}

test('a server that hung is left out of the next run, which says so first, is looked at again, and is back when it answers', async () => {
  await ran({ hangs: true, detail: 'it timed out' })
  expect(await status()).toMatchObject({ status: 'failed', detail: 'it timed out' })
  clock.advance(61_000)
  const without = await launch()
  expect(await given(without)).toBe(false)
  const [, second] = await eventsOf(app, without.runId)
  expect(second?.message).toContain(`goes on without the MCP server ${server.name}: it timed out`)
  await expect.poll(asked).toBe(true)
  await answerMcpCheck(app, runner, { ok: true, tools: [] })
  await expect.poll(async () => (await status())?.status).toBe('ok')
  expect(await given(await launch())).toBe(true)
})

test('one that still hangs stays out, and is not looked at with every run', async () => {
  await ran({ hangs: true })
  clock.advance(61_000)
  await launch()
  await expect.poll(asked).toBe(true)
  await answerMcpCheck(app, runner, { ok: false, detail: 'no answer', hangs: true })
  await expect.poll(async () => (await status())?.detail).toBe('no answer')
  expect(await given(await launch())).toBe(false)
})

test('one that was changed since counts as mended', async () => {
  await ran({ hangs: true })
  await app.call(changeMcp, { params: { id: server.id }, body: { command: 'y' } })
  expect(await given(await launch())).toBe(true)
})

test.each<Partial<McpOutcome>>([{ detail: 'no such program' }, { ok: true, detail: null }])(
  'one that came out as %j is handed over again, for it costs no waiting',
  async outcome => {
    await ran(outcome)
    expect(await given(await launch())).toBe(true)
    expect((await status())?.status).toBe(outcome.ok ? 'ok' : 'failed')
  }
)
