import { expect } from 'vitest'
import { createMcp, deleteMcp, listMcps } from '#contract/fleet/mcps'
import { getRun } from '#contract/runs/runs'
import { type ClaudeFleet, withEachClaude } from '../kit/claude.ts'
import { eventsOf } from '../kit/events.ts'
import { scripted } from '../kit/mock-llm.ts'

/** An MCP server that answers after so long; null: never. */
function serverCode(answersAfterMs: number | null): string {
  return `
    const say = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
    const hello = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }
    const tools = [{ name: 'ping', description: 'Pings', inputSchema: { type: 'object' } }]
    const after = ${answersAfterMs}
    require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
      const { id, method } = JSON.parse(line)
      if (method === 'initialize') after !== null && setTimeout(say, after, { id, result: hello })
      else if (method === 'tools/list') say({ id, result: { tools } })
      else if (method === 'tools/call') say({ id, result: { content: [{ type: 'text', text: 'pong of the server' }] } })
      else if (id !== undefined) say({ id, result: {} })
    })
    setInterval(() => {}, 1000)`
}

async function withServer<T>(fleet: ClaudeFleet, body: object, work: () => Promise<T>): Promise<T> {
  const { id } = await fleet.app.call(createMcp, { body: { name: 'x', transport: 'stdio', ...body } })
  try {
    return await work()
  } finally {
    await fleet.app.call(deleteMcp, { params: { id } })
  }
}

const node = (answersAfterMs: number | null) => ({
  command: process.execPath,
  args: ['-e', serverCode(answersAfterMs)]
})
const calling = scripted({ tool: 'raw', name: 'mcp__x__ping', input: {} }, { text: 'done' })
const messages = async (fleet: ClaudeFleet, id: string) =>
  (await eventsOf(fleet.app, id)).map(event => event.message).join('\n')

withEachClaude('MCP servers of a run', (test, fleet) => {
  const reasonOf = async (id: string) => (await fleet().app.call(getRun, { params: { id } })).statusReason

  test('one that is slow is waited for, which the run says, and can be used then', async () => {
    await withServer(fleet(), node(7000), async () => {
      const run = await fleet().launch(calling, { permissionMode: 'bypassPermissions' })
      await expect.poll(() => reasonOf(run.id)).toBe('Starting; waits for MCP server x')
      await fleet().until(run, 'SUCCEEDED')
      expect(await messages(fleet(), run.id)).toContain('pong of the server')
    })
  }, 120_000)

  test.each([
    ['is not there', { command: 'no-such-program-anywhere' }],
    ['dies', { command: '/bin/sh', args: ['-c', 'exit 3'] }]
  ])('one that %s is told first, and the run goes on', async (_, body) => {
    await withServer(fleet(), body, async () => {
      const done = await fleet().until(await fleet().launch(scripted({ text: 'done' })), 'SUCCEEDED')
      const log = await eventsOf(fleet().app, done.id)
      const told = log.findIndex(event => event.message.startsWith('The run goes on without the MCP server x'))
      expect(told).toBeGreaterThan(0)
      expect(told).toBeLessThan(log.findIndex(event => event.kind === 'assistant'))
      expect((await fleet().app.call(listMcps)).data[0]).toMatchObject({ status: 'failed' })
    })
  })

  test('one that lacks a secret is left out, with the name of the secret', async () => {
    await withServer(fleet(), { ...node(0), env: { TOKEN: '{{secret:NOT_SET}}' } }, async () => {
      const done = await fleet().until(await fleet().launch(scripted({ text: 'done' })), 'SUCCEEDED')
      expect(await messages(fleet(), done.id)).toMatch(/without the MCP server x: it needs the secret NOT_SET/)
    })
  })

  test('one that hangs is waited for once, and not again', async () => {
    await withServer(fleet(), node(null), async () => {
      const first = await fleet().until(await fleet().launch(scripted({ text: 'one' })), 'SUCCEEDED')
      expect(await messages(fleet(), first.id)).toMatch(/goes on without the MCP server x: .*timed out/)
      const second = await fleet().until(await fleet().launch(scripted({ text: 'two' })), 'SUCCEEDED')
      expect(await messages(fleet(), second.id)).toMatch(/goes on without the MCP server x: .*tried again/)
      expect(second.durationMs).toBeLessThan(first.durationMs ?? 0)
    })
  }, 180_000)
})
