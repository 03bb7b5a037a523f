import { expect, test } from 'vitest'
import type { McpServer } from '#contract/runners/mcp-server'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import type { Signal } from '../runtime.ts'
import { ClaudeSession } from './session.ts'

const server = (name: string): McpServer => ({
  name,
  transport: 'stdio',
  command: name,
  args: [],
  url: null,
  env: {},
  headers: {}
})

function begin(...names: string[]) {
  const session = new ClaudeSession(assignmentOf({ prompt: 'do it', mcpServers: names.map(server) }))
  return { session, signals: session.start() }
}

const written = (signals: Signal[]) => signals.flatMap(signal => (signal.type === 'write' ? [signal.line] : []))
const reasons = (signals: Signal[]) => signals.flatMap(signal => (signal.type === 'reason' ? [signal.reason] : []))
const asked = (signals: Signal[]) => JSON.parse(written(signals)[0] ?? '{}').request_id as string
const said = (signals: Signal[]) => written(signals).some(line => line.includes('do it'))
const messages = (signals: Signal[]) => signals.flatMap(signal => (signal.type === 'event' ? [signal.message] : []))

function status(id: string, servers: Record<string, string>, error: string | null = null): string {
  const mcpServers = Object.entries(servers).map(([name, status]) => ({ name, status, error }))
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id: id, response: { mcpServers } }
  })
}

test('without servers the prompt is said at once', () => {
  expect(said(begin().signals)).toBe(true)
})

test('with servers the run says from the start what it waits for, and the prompt after they are there', () => {
  const { session, signals } = begin('search', 'mail')
  expect(reasons(signals)).toEqual(['Starting; waits for MCP servers search, mail'])
  expect(said(signals)).toBe(false)
  const first = session.lines([status(asked(signals), { search: 'connected', mail: 'pending' })])
  expect(reasons(first)).toEqual(['Starting; waits for MCP server mail'])
  const look = session.alarm()
  const second = session.lines([status(asked(look), { search: 'connected', mail: 'connected' })])
  expect(reasons(second)).toEqual([null])
  expect(said(second)).toBe(true)
  expect(messages(second)).toEqual([])
})

test.each([
  ['failed', 'connection timed out after 30000ms', true],
  ['failed', 'Request timed out', true],
  ['failed', 'spawn nope ENOENT', false],
  ['needs-auth', null, false]
])('one that is %s (%s) is told first, and the run goes on', (state, error, hangs) => {
  const { session, signals } = begin('mail')
  const after = session.lines([status(asked(signals), { mail: state }, error)])
  expect(messages(after)[0]).toContain('goes on without the MCP server mail')
  expect(after).toContainEqual({
    type: 'facts',
    facts: { mcps: [expect.objectContaining({ name: 'mail', ok: false, hangs })] }
  })
  expect(said(after)).toBe(true)
})

test('one that never comes is given up', () => {
  const { session, signals } = begin('mail')
  let last = session.lines([status(asked(signals), { mail: 'pending' })])
  for (let look = 0; look < 200 && !said(last); look++)
    last = session.lines([status(asked(session.alarm()), { mail: 'pending' })])
  expect(said(last)).toBe(true)
  expect(last).toContainEqual({
    type: 'facts',
    facts: { mcps: [expect.objectContaining({ ok: false, hangs: true })] }
  })
})

test('a CLI that does not know the question, or never answers it, gets the prompt all the same', () => {
  const first = begin('mail')
  const refused = { subtype: 'error', request_id: asked(first.signals), error: 'unknown' }
  expect(said(first.session.lines([JSON.stringify({ type: 'control_response', response: refused })]))).toBe(true)
  const second = begin('mail')
  expect(said(second.session.alarm())).toBe(true)
})

test('servers that the user has besides are none of the run', () => {
  const { session, signals } = begin('mail')
  const after = session.lines([status(asked(signals), { mail: 'connected', own: 'pending' })])
  expect(said(after)).toBe(true)
})
