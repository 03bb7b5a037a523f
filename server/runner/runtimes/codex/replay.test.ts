import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { toolResultData, toolUseData } from '#contract/runs/events'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import type { Ending, EventSignal, Signal } from '../runtime.ts'
import { CodexDriver } from './driver.ts'

const folder = new URL('./fixtures/', import.meta.url)

interface Recorded {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
}

interface Replay {
  signals: Signal[]
  ending: Ending
  /** What was written to Codex. */
  written: Recorded[]
}

function linesOf(name: string): Recorded[] {
  const text = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

/**
 * Plays what Codex said against a driver. An answer goes to the request of the driver that it belongs to, which in
 * recordings of another client has another number; and what that client said of itself, this one is made to say.
 */
function replay(name: string, more: Partial<Assignment> = {}): Replay {
  const driver = new CodexDriver(assignmentOf({ runtime: 'codex', ...more }))
  const said = linesOf(`${name}.stdin`)
  const methods = new Map(said.flatMap(({ id, method }) => (method === undefined ? [] : [[id, method]])))
  const answers = new Map(said.flatMap(({ id, result }) => (result === undefined ? [] : [[String(id), result]])))
  const signals: Signal[] = []
  const written: Recorded[] = []
  const open: { id: number; method: string }[] = []

  function apply(news: Signal[]): void {
    for (const signal of news) {
      signals.push(signal)
      if (signal.type === 'write') write(JSON.parse(signal.line))
      if (signal.type === 'approval') {
        const { decision, action } = answers.get(signal.key) ?? {}
        const allow = [decision, action].includes('accept')
        const words = said.find(({ method }) => method === 'turn/steer') ? 'Make another one' : null
        apply(driver.answer({ key: signal.key, allow, input: null, message: allow ? null : words }))
      }
    }
  }

  function write(message: Recorded): void {
    written.push(message)
    const { id, method } = message
    if (id === undefined || method === undefined) return
    // What the other client did not ask is answered as by a provider that needs no sign-in.
    if ([...methods.values()].includes(method)) open.push({ id, method })
    else feed({ id, result: { requiresOpenaiAuth: false } })
  }

  function feed(line: Recorded): void {
    apply(driver.lines([JSON.stringify(line)]))
  }

  function ownId(method: string): number {
    const ask = { 'turn/interrupt': () => driver.interrupt(), 'turn/start': () => driver.message('go') }[method]
    if (ask && !open.some(one => one.method === method)) apply(ask())
    const index = open.findIndex(one => one.method === method)
    return open.splice(index, 1)[0]?.id ?? 0
  }

  apply(driver.start())
  for (const line of linesOf(name)) {
    const method = line.method === undefined ? methods.get(line.id) : undefined
    feed(method === undefined ? line : { ...line, id: ownId(method) })
  }
  return { signals, written, ending: driver.end({ code: 0, signal: null, stderr: '' }) }
}

type Of<T extends Signal['type']> = Extract<Signal, { type: T }>

function all<T extends Signal['type']>(signals: Signal[], type: T): Of<T>[] {
  return signals.filter((signal): signal is Of<T> => signal.type === type)
}

function events<K extends EventSignal['kind']>(signals: Signal[], kind: K) {
  return all(signals, 'event').filter((event): event is Extract<EventSignal, { kind: K }> => event.kind === kind)
}

function facts(signals: Signal[]) {
  return Object.assign({}, ...all(signals, 'facts').map(signal => signal.facts))
}

const resume = { sessionId: 'before', fork: false, cwd: null }
const mcp = ['demo', 'gone'].map(name => ({
  name,
  transport: 'stdio' as const,
  command: 'node',
  args: [],
  url: null,
  env: { TOKEN: 'a value' },
  headers: {}
}))

type Row = [outcome: string, said: string, turns: number, tools: number, more?: Partial<Assignment>]

/** What each recording has to come to: outcome, code or result, and how many turns and tool calls it holds. */
const table: Record<string, Row> = {
  '0.169.0/command-accept': ['SUCCEEDED', 'done', 1, 1],
  '0.169.0/command-decline': ['SUCCEEDED', 'done', 1, 1],
  '0.169.0/edits': ['SUCCEEDED', 'done', 1, 3],
  '0.169.0/edits-accepted-by-mode': ['SUCCEEDED', 'done', 1, 2],
  '0.169.0/error-401': ['FAILED', 'AUTHENTICATION_FAILED', 0, 0],
  '0.169.0/forked': ['SUCCEEDED', 'Forked answer.', 1, 0, { resume: { ...resume, fork: true } }],
  '0.169.0/interrupted-tool': ['CANCELLED', '', 1, 1],
  '0.169.0/mcp': ['SUCCEEDED', 'done', 1, 1, { mcpServers: mcp }],
  '0.169.0/mcp-refused': ['SUCCEEDED', 'done', 1, 1, { mcpServers: mcp.slice(0, 1) }],
  '0.169.0/onrequest-accept': ['SUCCEEDED', 'done', 1, 1],
  '0.169.0/patch-accept': ['SUCCEEDED', 'done', 1, 1],
  '0.169.0/patch-cancel': ['CANCELLED', '', 1, 1],
  '0.169.0/resume-interrupt': ['SUCCEEDED', 'after interrupt', 2, 0, { resume }],
  '0.169.0/resumed': ['SUCCEEDED', 'Follow-up answer.', 1, 0, { resume }],
  '0.169.0/text': ['SUCCEEDED', 'Hello from the mock, all done.', 1, 0],
  '0.171.0/command-escalated': ['SUCCEEDED', 'done', 1, 1],
  '0.171.0/command-in-sandbox': ['SUCCEEDED', 'done', 1, 1],
  '0.171.0/command-refused-with-words': ['SUCCEEDED', 'ok, not made', 1, 1],
  '0.171.0/edit-refused': ['SUCCEEDED', 'ok, not written', 1, 1],
  '0.171.0/edits': ['SUCCEEDED', 'done', 1, 3],
  '0.171.0/edits-accepted-by-mode': ['SUCCEEDED', 'done', 1, 2],
  '0.171.0/error-400': ['FAILED', 'INVALID_MODEL_REQUEST', 0, 0],
  '0.171.0/error-401': ['FAILED', 'AUTHENTICATION_FAILED', 0, 0],
  '0.171.0/error-403': ['FAILED', 'AUTHENTICATION_FAILED', 0, 0],
  '0.171.0/error-404': ['FAILED', 'INVALID_MODEL_REQUEST', 0, 0],
  '0.171.0/error-429': ['FAILED', 'RATE_LIMITED', 0, 0],
  '0.171.0/error-500': ['FAILED', 'MODEL_ERROR', 0, 0],
  '0.171.0/error-503': ['FAILED', 'OVERLOADED', 0, 0],
  '0.171.0/error-no-key': ['FAILED', 'RUNTIME_NOT_SIGNED_IN', 0, 0],
  '0.171.0/forked': ['SUCCEEDED', 'Forked answer.', 1, 0, { resume: { ...resume, fork: true } }],
  '0.171.0/interrupted': ['SUCCEEDED', 'after', 2, 0],
  '0.171.0/interrupted-sigterm': ['FAILED', 'NO_RESULT', 0, 0],
  '0.171.0/interrupted-tool': ['CANCELLED', '', 1, 1],
  '0.171.0/mcp': ['SUCCEEDED', 'done', 1, 1, { mcpServers: mcp }],
  '0.171.0/mcp-refused': ['SUCCEEDED', 'done', 1, 1, { mcpServers: mcp.slice(0, 1) }],
  '0.171.0/resume-missing': ['FAILED', 'SESSION_MISSING', 0, 0, { resume }],
  '0.171.0/resumed': ['SUCCEEDED', 'Follow-up answer.', 1, 0, { resume }],
  '0.171.0/stream-cut': ['FAILED', 'MODEL_ERROR', 0, 0],
  '0.171.0/text': ['SUCCEEDED', 'Hello from the mock, all done.', 1, 0],
  '0.171.0/thinking': ['SUCCEEDED', 'thought', 1, 0],
  '0.171.0/two-turns': ['SUCCEEDED', 'two', 2, 0]
}

const recordings = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.jsonl') && !name.endsWith('.stdin.jsonl'))
  .map(name => name.replaceAll('\\', '/').replace('.jsonl', ''))

test('every recording has a line in the table', () => {
  expect(Object.keys(table).sort()).toEqual(recordings.sort())
})

describe.each(Object.entries(table))('%s', (name, [outcome, said, turns, tools, more]) => {
  test('comes to its outcome, and every call has one result', () => {
    const { signals, ending } = replay(name, more)
    expect([ending.outcome, ending.error?.code ?? ending.result ?? '']).toEqual([outcome, said])
    expect(all(signals, 'turn')).toHaveLength(turns)
    const uses = events(signals, 'tool_use')
    expect(uses).toHaveLength(tools)
    const results = events(signals, 'tool_result').map(({ data }) => data.toolUseId)
    expect(results.sort()).toEqual(uses.map(({ data }) => data.toolUseId).sort())
    for (const { data } of uses) expect(toolUseData.safeParse(data).error).toBeUndefined()
    for (const { data } of events(signals, 'tool_result')) expect(toolResultData.safeParse(data).error).toBeUndefined()
    // Text that was streamed stands under the same name as the text that was finished.
    const blocks = [...events(signals, 'assistant'), ...events(signals, 'thinking')].map(({ data }) => data.block)
    const streamed = all(signals, 'delta').map(({ delta }) => delta.block)
    if (outcome === 'SUCCEEDED' && !name.includes('interrupt')) expect(blocks).toEqual(expect.arrayContaining(streamed))
  })
})

describe('usage is what this run spent', () => {
  test.each([
    ['0.171.0/text', 100, 20],
    ['0.171.0/two-turns', 200, 40],
    ['0.169.0/resumed', 100, 20],
    ['0.171.0/resumed', 100, 20],
    ['0.169.0/forked', 100, 20],
    ['0.171.0/forked', 100, 20],
    ['0.171.0/edits', 200, 40]
  ])('%s', (name, inputTokens, outputTokens) => {
    const { signals } = replay(name, table[name]?.[4])
    expect(facts(signals)).toMatchObject({ usage: { inputTokens, outputTokens }, contextUsed: 100 })
    const spent = events(signals, 'usage').map(({ data }) => data.usage.inputTokens)
    expect(spent.reduce((sum, one) => sum + one, 0)).toBe(inputTokens)
  })
})

test('what it works with is told: session, model, window of the context, version', () => {
  const { signals } = replay('0.171.0/text')
  expect(facts(signals)).toMatchObject({ sessionId: expect.any(String), model: 'gpt-6.1-sol', contextMax: 475_000 })
  expect(events(signals, 'system').map(({ message }) => message)).toContain('Codex 0.171.0, gpt-6.1-sol')
})

test('a change of several files is asked for once, and told file by file with its lines', () => {
  const { signals } = replay('0.171.0/edits')
  const [asked, ...others] = all(signals, 'approval')
  expect(others).toEqual([])
  expect(asked).toMatchObject({ tool: 'apply_patch', title: 'wants to change 3 files', editable: false })
  expect(asked?.subject.split('\n')).toHaveLength(3)
  const diffs = events(signals, 'tool_result').map(({ data }) => data.diff)
  expect(diffs).toMatchObject([
    {
      path: '/home/me/project/a.txt',
      created: false,
      hunks: [{ oldStart: 1, lines: [' one', '-two', '+TWO', ' three'] }]
    },
    { path: '/home/me/project/b.txt', created: true, hunks: [{ newLines: 1, lines: ['+new'] }] },
    { path: '/home/me/project/gone.txt', created: false, hunks: [{ newLines: 0, lines: ['-bye'] }] }
  ])
  expect(events(signals, 'tool_use').map(({ data }) => data.argument)).toEqual(['a.txt', 'b.txt', 'gone.txt'])
})

test('a command shows as it was meant, with its output and how it ended', () => {
  const { signals } = replay('0.171.0/command-in-sandbox')
  const [use] = events(signals, 'tool_use')
  expect(use?.data).toMatchObject({ tool: 'shell', toolKind: 'command', argument: 'echo out; echo err >&2; exit 3' })
  const [result] = events(signals, 'tool_result')
  expect(result?.data).toMatchObject({ isError: true, exitCode: 3, text: expect.stringContaining('err') })
  expect(all(signals, 'approval')).toEqual([])
})

test('a command that leaves the sandbox asks, in the words of the agent; a refusal with words is told in the turn', () => {
  const { signals, written } = replay('0.171.0/command-refused-with-words')
  expect(all(signals, 'approval')).toMatchObject([
    { tool: 'shell', subject: 'touch made', reason: 'It must be made', input: { command: 'touch made' } }
  ])
  expect(written.find(({ result }) => result !== undefined)?.result).toEqual({ decision: 'decline' })
  const steered = written.find(({ method }) => method === 'turn/steer')
  expect(JSON.stringify(steered?.params)).toContain('The user refused this, and says: Make another one')
})

test('MCP servers are waited for before the prompt, and how each did is told', () => {
  const { signals, written } = replay('0.171.0/mcp', { mcpServers: mcp })
  expect(facts(signals).mcps).toMatchObject([
    { name: 'gone', ok: false, detail: expect.stringContaining('No such file') },
    { name: 'demo', ok: true }
  ])
  const begun = written.find(({ method }) => method === 'thread/start')
  expect(begun?.params?.config).toMatchObject({ mcp_servers: { demo: { env: { TOKEN: 'a value' } } } })
  expect(all(signals, 'approval')).toMatchObject([
    { tool: 'mcp__demo__ping', title: 'wants to use ping of demo', toolUseId: expect.any(String), input: { x: 'hi' } }
  ])
  expect(events(signals, 'tool_result')[0]?.data).toMatchObject({ isError: false, text: 'pong hi' })
})

test('a tool that never asks is allowed at once', () => {
  for (const allowed of ['mcp__demo__ping', 'mcp__demo']) {
    const { signals } = replay('0.171.0/mcp', { mcpServers: mcp, allowedTools: [allowed] })
    expect(all(signals, 'approval')).toEqual([])
  }
})

test('a retry says what it waits for, and it is over when the model answers', () => {
  const reasons = all(replay('0.171.0/error-401').signals, 'reason').map(({ reason }) => reason)
  expect(reasons).toEqual(['The model API refused the credential (401). Trying again, attempt 1 of 1.', null])
})
