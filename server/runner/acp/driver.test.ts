import { describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { assignmentOf, launchContext } from '../../../test/kit/assignment.ts'
import { acp } from '../runtimes/acp/index.ts'
import type { Driver, Signal } from '../runtimes/runtime.ts'
import { AcpDriver } from './driver.ts'

const ok = { code: 0, signal: null, stderr: '' }
const command: Assignment['command'] = { program: 'agent', args: [], prompt: 'stdin', output: 'lines' }
const cwd = '/home/me/project'

function driverOf(more: Partial<Assignment> = {}): AcpDriver {
  const driver = acp.driver(assignmentOf({ runtime: 'acp', command, ...more }), launchContext())
  if (!(driver instanceof AcpDriver)) throw new Error('it speaks ACP')
  return driver
}

type Of<T extends Signal['type']> = Extract<Signal, { type: T }>
function all<T extends Signal['type']>(signals: readonly Signal[], type: T): Of<T>[] {
  return signals.filter((signal): signal is Of<T> => signal.type === type)
}
const events = (signals: readonly Signal[]) => all(signals, 'event').map(({ kind, message }) => `${kind}: ${message}`)
const facts = (signals: readonly Signal[]) => Object.assign({}, ...all(signals, 'facts').map(one => one.facts))
const written = (signals: readonly Signal[]): Written[] => all(signals, 'write').map(({ line }) => JSON.parse(line))

interface Written {
  id?: number
  method?: string
  params?: { mcpServers?: unknown }
  result?: { outcome?: { optionId?: string } }
  error?: { message?: string }
}

/** A driver whose session is open and whose prompt is being answered, and what a line of its agent comes to. */
function started(more: Partial<Assignment> = {}, state: object = {}, can: object = {}) {
  const driver = driverOf(more)
  const answer = (signals: Signal[], result: object): Signal[] => {
    const request = written(signals).findLast(one => one.method)
    return driver.lines([JSON.stringify({ jsonrpc: '2.0', id: request?.id, result })])
  }
  const opened = answer(driver.start(), { protocolVersion: 1, agentCapabilities: can })
  const prompt = all(opened, 'over').length > 0 ? [] : answer(opened, { sessionId: 's', ...state })
  return { driver, opened, prompt, answer, ...talk(driver) }
}

function talk(driver: Driver) {
  const line = (message: object) => driver.lines([JSON.stringify({ jsonrpc: '2.0', ...message })])
  return {
    says: (update: object) => line({ method: 'session/update', params: { sessionId: 's', update } }),
    asks: (id: string | number, method: string, params: object) =>
      line({ id, method, params: { sessionId: 's', ...params } }),
    line
  }
}

const options = [
  { optionId: 'ever', name: 'Always', kind: 'allow_always' },
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' }
]
const editOf = (path: string) => ({
  toolCallId: `edit ${path}`,
  kind: 'edit',
  title: 'Edit',
  content: [{ type: 'diff', path, oldText: 'a\n', newText: 'b\n' }]
})
const run = (cmd: string) => ({ toolCallId: cmd, kind: 'execute', title: cmd, rawInput: { command: cmd } })
const decided = (signals: Signal[]) => written(signals).map(one => one.result?.outcome?.optionId ?? one.error?.message)

describe('what an agent may do', () => {
  test.each([
    ['default', [null, null, null]],
    ['acceptEdits', ['yes', null, null]],
    ['bypassPermissions', ['yes', 'yes', 'yes']]
  ] as const)('in mode %s', (permissionMode, expected) => {
    const { asks } = started({ permissionMode })
    const calls = [editOf(`${cwd}/a.txt`), editOf(`${cwd}/../b.txt`), run('rm x')]
    const answers = calls.map((toolCall, id) => asks(id, 'session/request_permission', { toolCall, options }))
    expect(answers.map(signals => decided(signals)[0] ?? null)).toEqual(expected)
    expect(answers.flatMap(signals => all(signals, 'approval'))).toHaveLength(
      expected.filter(one => one === null).length
    )
  })

  test('a tool that never asks does not, by its name to the letter', () => {
    const { asks } = started({ allowedTools: ['shell'] })
    const ask = (name: string) =>
      asks(name, 'session/request_permission', { toolCall: { ...run(name), name }, options })
    expect(decided(ask('shell'))).toEqual(['yes'])
    expect(all(ask('shells'), 'approval')).toHaveLength(1)
  })

  test('what was granted is written and run without asking again, and nothing but that', () => {
    const { driver, asks } = started()
    const grant = (id: number, toolCall: object) => {
      const [approval] = all(asks(id, 'session/request_permission', { toolCall, options }), 'approval')
      driver.answer({ key: approval?.key ?? '', allow: true, input: null, message: null })
    }
    grant(1, editOf(`${cwd}/a.txt`))
    grant(2, run('npm test'))
    const writes = (path: string) => asks(path, 'fs/write_text_file', { path, content: 'x' })
    expect(all(writes(`${cwd}/x/../a.txt`), 'request')).toMatchObject([{ request: { kind: 'writeFile' } }])
    expect(all(writes(`${cwd}/b.txt`), 'approval')).toMatchObject([
      { tool: 'Write', subject: `${cwd}/b.txt`, editable: false }
    ])
    const opens = (command: string, ...args: string[]) => asks(args.join(), 'terminal/create', { command, args })
    expect(all(opens('npm', 'test'), 'request')).toHaveLength(1)
    expect(all(opens('/bin/sh', '-c', 'npm test'), 'request')).toHaveLength(1)
    for (const other of [opens('sh', '-c', 'rm x', 'npm test'), opens('npm', 'test', '&&', 'rm')])
      expect(all(other, 'request')).toEqual([])
  })

  test('no answer is a changed request: the agent is told no, and so is a person', () => {
    const { driver, asks } = started()
    const [approval] = all(asks(1, 'session/request_permission', { toolCall: run('rm x'), options }), 'approval')
    const signals = driver.answer({ key: approval?.key ?? '', allow: true, input: { command: 'ls' }, message: null })
    expect(decided(signals)).toEqual(['no'])
    expect(events(signals)).toEqual(['system: This agent takes no changed request: it was told no'])
    expect(driver.answer({ key: approval?.key ?? '', allow: true, input: null, message: null })).toEqual([])
  })

  test('a plan is shown as one, and when it is allowed the run leaves plan mode', () => {
    const modes = { currentModeId: 'default', availableModes: [{ id: 'default' }, { id: 'plan' }] }
    const { driver, prompt, answer, asks } = started({ permissionMode: 'plan' }, { modes })
    expect(written(prompt)).toMatchObject([{ method: 'session/set_mode', params: { modeId: 'plan' } }])
    answer(prompt, {})
    const content = [{ type: 'content', content: { type: 'text', text: '# Plan' } }]
    const toolCall = { toolCallId: 'p', kind: 'switch_mode', title: 'Ready', content }
    const [plan] = all(asks(7, 'session/request_permission', { toolCall, options }), 'approval')
    expect(plan).toMatchObject({ kind: 'plan', input: { plan: '# Plan' } })
    const signals = driver.answer({ key: plan?.key ?? '', allow: true, input: null, message: null })
    expect(facts(signals)).toEqual({ permissionMode: 'default' })
  })

  test('an agent without a mode to plan in is not started to work', () => {
    const { driver } = started({ permissionMode: 'plan' })
    expect(driver.end(ok).error?.code).toBe('PERMISSION_MODE_REFUSED')
  })

  test('the mode can change while it works; an agent that has no such mode says so and stays as it is', () => {
    const { driver, asks } = started()
    expect(facts(driver.adjust({ permissionMode: 'acceptEdits', model: null }))).toEqual({
      permissionMode: 'acceptEdits'
    })
    expect(decided(asks(1, 'session/request_permission', { toolCall: editOf('a.txt'), options }))).toEqual(['yes'])
    const refused = driver.adjust({ permissionMode: 'plan', model: 'other' })
    expect(facts(refused)).toEqual({ permissionMode: 'acceptEdits' })
    expect(events(refused)).toHaveLength(2)
  })
})

describe('what an agent asks of its place', () => {
  test('is answered in its own words', () => {
    const { driver, asks } = started({ permissionMode: 'bypassPermissions' })
    const ask = (method: string, params: object) => all(asks(method, method, params), 'request')[0]?.key ?? ''
    const answers = [
      driver.replied(ask('fs/read_text_file', { path: 'a', line: 2, limit: 1 }), { kind: 'text', text: 'hi' }),
      driver.replied(ask('fs/read_text_file', { path: '/etc/x' }), { kind: 'refused', message: 'outside' }),
      driver.replied(ask('terminal/create', { command: 'ls' }), { kind: 'opened', terminal: 't' }),
      driver.replied(ask('terminal/wait_for_exit', { terminalId: 't' }), {
        kind: 'printed',
        text: 'out',
        cut: false,
        ended: { code: 3, signal: null }
      }),
      driver.replied(ask('terminal/release', { terminalId: 't' }), { kind: 'done' })
    ]
    expect(answers.flatMap(written).map(one => one.result ?? one.error)).toEqual([
      { content: 'hi' },
      { code: -32603, message: 'outside' },
      { terminalId: 't' },
      { exitCode: 3, signal: null },
      {}
    ])
  })

  test('what it has no method or no sense for is refused by JSON-RPC', () => {
    const { asks } = started()
    const codes = [
      asks(0, 'fs/delete', {}),
      asks('x', 'terminal/output', {}),
      asks(2, 'session/request_permission', {})
    ]
    expect(codes.flatMap(written)).toMatchObject([
      { id: 0, error: { code: -32601 } },
      { id: 'x', error: { code: -32602 } },
      { id: 2, error: { code: -32602 } }
    ])
  })
})

describe('an agent that does not behave', () => {
  test('answers what it was not asked, twice, and before its turn: nothing comes of that', () => {
    const { driver, prompt, line } = started()
    const id = written(prompt)[0]?.id
    expect(line({ id: 99, result: { stopReason: 'end_turn' } })).toEqual([])
    expect(all(line({ id, result: { stopReason: 'end_turn' } }), 'turn')).toHaveLength(1)
    expect(line({ id, result: { stopReason: 'refusal' } })).toEqual([])
    expect(driver.end(ok).outcome).toBe('SUCCEEDED')
  })

  test('asks for permission when nobody asked it anything: it gets none', () => {
    const { prompt, line, asks } = started({ permissionMode: 'bypassPermissions' })
    line({ id: written(prompt)[0]?.id, result: { stopReason: 'end_turn' } })
    const signals = asks(5, 'session/request_permission', { toolCall: run('rm x'), options })
    expect([all(signals, 'approval'), decided(signals)]).toEqual([[], ['No prompt is being answered']])
  })

  test('never ends its turn: an interruption withdraws what it asks, and says when it goes on all the same', () => {
    const { driver, asks } = started()
    const [approval] = all(asks(1, 'session/request_permission', { toolCall: run('rm x'), options }), 'approval')
    const signals = driver.interrupt()
    expect(written(signals)).toMatchObject([
      { method: 'session/cancel' },
      { id: 1, result: { outcome: { outcome: 'cancelled' } } }
    ])
    expect(all(signals, 'withdrawn')).toEqual([{ type: 'withdrawn', key: approval?.key }])
    expect(driver.alarm()).toEqual([{ type: 'reason', reason: 'agent was asked to stop and goes on' }])
    expect(driver.interrupt()).toEqual([])
  })

  test('floods with questions, calls and text: all of it is bounded', () => {
    const { asks, says } = started()
    const flood = Array.from({ length: 150 }, (_, id) =>
      asks(id, 'session/request_permission', { toolCall: run(`c${id}`), options })
    )
    expect(all(flood.flat(), 'approval')).toHaveLength(100)
    const calls = Array.from({ length: 1500 }, (_, id) =>
      says({ sessionUpdate: 'tool_call', toolCallId: `t${id}`, title: 't' })
    )
    expect(all(calls.flat(), 'event').filter(({ kind }) => kind === 'tool_result').length).toBeGreaterThan(500)
    const chunk = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'x'.repeat(400_000) } }
    expect(all([chunk, chunk, chunk].flatMap(says), 'event').filter(({ kind }) => kind === 'assistant')).toHaveLength(1)
  })

  test.each([
    ['speaks another version', { protocolVersion: 2 }, 'PROTOCOL_ERROR'],
    ['speaks no ACP', { hello: 1 }, 'PROTOCOL_ERROR']
  ])('%s', (_, result, code) => {
    const driver = driverOf()
    driver.start()
    expect(all(talk(driver).line({ id: 1, result }), 'over')).toHaveLength(1)
    expect(driver.end(ok).error?.code).toBe(code)
  })

  test('says nothing at all', () => {
    const driver = driverOf()
    expect(all(driver.start(), 'alarm')).toEqual([{ type: 'alarm', ms: 60_000 }])
    expect(driver.alarm()).toEqual([{ type: 'over' }])
    expect(driver.end(ok).error).toMatchObject({ code: 'AGENT_SILENT', message: expect.stringContaining('60 s') })
  })

  test.each(['no json', '[]', '{"jsonrpc":"2.0"}'])('%s is output', text => {
    expect(driverOf().lines([text])).toEqual([{ type: 'output', subtype: 'output', text }])
  })
})

describe('sessions', () => {
  const resume = { sessionId: 's', fork: false, cwd: null }

  test('are resumed where the agent can, and what it tells of the old conversation is not told again', () => {
    const can = { sessionCapabilities: { resume: {} } }
    const { driver, opened, prompt, says } = started({ resume, prompt: 'more' }, {}, can)
    expect(written(opened)).toMatchObject([{ method: 'session/resume', params: { sessionId: 's', cwd } }])
    expect(written(prompt)).toMatchObject([{ method: 'session/prompt', params: { prompt: [{ text: 'more' }] } }])
    const old = driverOf({ resume })
    old.start()
    talk(old).line({ id: 1, result: { protocolVersion: 1, agentCapabilities: can } })
    const chunk = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'once' } }
    expect(talk(old).says(chunk)).toEqual([])
    expect(all(says(chunk), 'delta')).toHaveLength(1)
    expect(driver.end(ok).error?.code).toBe('NO_RESULT')
  })

  test('are not where it cannot, or does not know them', () => {
    expect(started({ resume }).driver.end(ok).error?.code).toBe('RUN_NOT_RESUMABLE')
    const driver = driverOf({ resume })
    driver.start()
    const { line } = talk(driver)
    line({ id: 1, result: { protocolVersion: 1, agentCapabilities: { sessionCapabilities: { resume: {} } } } })
    line({ id: 2, error: { code: -32002, message: 'no such session' } })
    expect(driver.end(ok).error).toMatchObject({ code: 'SESSION_MISSING', message: expect.stringContaining('no such') })
  })

  test('the cost of a run is by how much that of its session grew', () => {
    const totals = { usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }, costUsd: 2 }
    const can = { sessionCapabilities: { resume: {} } }
    const { says } = started({ resume: { ...resume, totals } }, {}, can)
    const cost = { amount: 2.5, currency: 'USD' }
    expect(facts(says({ sessionUpdate: 'usage_update', used: 5, size: 10, cost }))).toMatchObject({ costUsd: 0.5 })
  })

  test('a model is chosen where it can be, MCP servers and images are handed over where they are taken', () => {
    const server: Assignment['mcpServers'][number] = {
      name: 'docs',
      transport: 'http',
      command: null,
      args: [],
      url: 'http://x',
      env: {},
      headers: { a: 'b' }
    }
    const model = {
      id: 'model',
      category: 'model',
      currentValue: 'a',
      options: [{ value: 'a' }, { options: [{ value: 'b' }] }]
    }
    const { opened, prompt } = started({ mcpServers: [server], model: 'b' }, { configOptions: [model] })
    expect(events(opened)).toEqual([
      'system: The run goes on without the MCP server docs: this agent takes none over HTTP'
    ])
    expect(written(prompt)).toMatchObject([
      { method: 'session/set_config_option', params: { configId: 'model', value: 'b' } }
    ])
    const can = { mcpCapabilities: { http: true } }
    const http = { type: 'http', name: 'docs', url: 'http://x', headers: [{ name: 'a', value: 'b' }] }
    expect(written(started({ mcpServers: [server] }, {}, can).opened)[0]?.params?.mcpServers).toEqual([http])
  })
})

test.each([
  [-32000, 'sign in', 'RUNTIME_NOT_SIGNED_IN'],
  [429, 'slow down', 'RATE_LIMITED'],
  [401, 'who are you', 'AUTHENTICATION_FAILED'],
  [503, 'down', 'MODEL_ERROR'],
  [-32603, 'API Error: 404 no such model', 'INVALID_MODEL_REQUEST'],
  [-32603, 'broken', 'AGENT_FAILED']
])('an agent that answers a prompt with the error %i %s', (code, message, expected) => {
  const { driver, prompt, line } = started()
  line({ id: written(prompt)[0]?.id, error: { code, message } })
  expect(driver.end(ok).error).toMatchObject({ code: expected, message: expect.stringContaining(message) })
})

test('a list of steps is a list of tasks, and an image in an answer is named', () => {
  const { says } = started()
  const entries = [{ content: 'first', priority: 'high', status: 'in_progress' }, { broken: true }]
  expect(all(says({ sessionUpdate: 'plan', entries }), 'event')[0]).toMatchObject({
    message: 'Plan first',
    data: { toolKind: 'todo', input: { todos: [{ content: 'first', status: 'in_progress' }] } }
  })
  const image = { type: 'image', data: 'x', mimeType: 'image/png' }
  expect(all(says({ sessionUpdate: 'agent_message_chunk', content: image }), 'delta')[0]?.delta.text).toBe('[image]')
})
