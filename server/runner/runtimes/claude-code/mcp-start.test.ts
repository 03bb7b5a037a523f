import { expect, test } from 'vitest'
import type { McpServer } from '#contract/runners/mcp-server'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import type { Signal } from '../runtime.ts'
import { ClaudeDriver } from './driver.ts'

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
  const driver = new ClaudeDriver(assignmentOf({ prompt: 'do it', mcpServers: names.map(server) }))
  return { driver, signals: driver.start() }
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
  const { driver, signals } = begin('search', 'mail')
  expect(reasons(signals)).toEqual(['Starting; waits for MCP servers search, mail'])
  expect(said(signals)).toBe(false)
  const first = driver.lines([status(asked(signals), { search: 'connected', mail: 'pending' })])
  expect(reasons(first)).toEqual(['Starting; waits for MCP server mail'])
  const look = driver.alarm()
  const second = driver.lines([status(asked(look), { search: 'connected', mail: 'connected' })])
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
  const { driver, signals } = begin('mail')
  const after = driver.lines([status(asked(signals), { mail: state }, error)])
  expect(messages(after)[0]).toContain('goes on without the MCP server mail')
  expect(after).toContainEqual({
    type: 'facts',
    facts: { mcps: [expect.objectContaining({ name: 'mail', ok: false, hangs })] }
  })
  expect(said(after)).toBe(true)
})

test('one that never comes is given up', () => {
  const { driver, signals } = begin('mail')
  let last = driver.lines([status(asked(signals), { mail: 'pending' })])
  for (let look = 0; look < 200 && !said(last); look++)
    last = driver.lines([status(asked(driver.alarm()), { mail: 'pending' })])
  expect(said(last)).toBe(true)
  expect(last).toContainEqual({
    type: 'facts',
    facts: { mcps: [expect.objectContaining({ ok: false, hangs: true })] }
  })
})

test('a CLI that does not know the question, or never answers it, gets the prompt all the same', () => {
  const first = begin('mail')
  const refused = { subtype: 'error', request_id: asked(first.signals), error: 'unknown' }
  expect(said(first.driver.lines([JSON.stringify({ type: 'control_response', response: refused })]))).toBe(true)
  const second = begin('mail')
  expect(said(second.driver.alarm())).toBe(true)
})

test('servers that the user has besides are none of the run', () => {
  const { driver, signals } = begin('mail')
  const after = driver.lines([status(asked(signals), { mail: 'connected', own: 'pending' })])
  expect(said(after)).toBe(true)
})
