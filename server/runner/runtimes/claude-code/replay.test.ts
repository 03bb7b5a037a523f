import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import type { Ending, EventSignal, Exit, Signal } from '../runtime.ts'
import { ClaudeDriver } from './driver.ts'

const folder = new URL('./fixtures/', import.meta.url)
const ended: Exit = { code: 0, signal: null, stderr: '' }

const assignment = assignmentOf()

interface Replay {
  signals: Signal[]
  ending: Ending
  driver: ClaudeDriver
}

function replay(name: string, exit: Exit = ended): Replay {
  const driver = new ClaudeDriver(assignment)
  const text = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
  const signals = text.split('\n').flatMap(line => driver.lines([line]))
  return { signals, ending: driver.end(exit), driver }
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

/** What each recording has to come to: outcome, code or result, and how many turns and tool calls it holds. */
const table: Record<string, [outcome: string, said: string, turns: number, tools: number]> = {
  '2.1.197/ask-user-question': ['SUCCEEDED', 'thanks', 1, 1],
  '2.1.197/background-command': ['SUCCEEDED', 'started it', 2, 1],
  '2.1.197/background-agent': ['SUCCEEDED', 'agent started', 2, 2],
  '2.1.197/background-within-turn': [
    'SUCCEEDED',
    'tick 0 tick 1 tick 2 tick 3 tick 4 tick 5 tick 6 tick 7 tick 8 tick 9 tick 10 tick 11 tick 12 tick 13 tick 14 ',
    2,
    1
  ],
  '2.1.197/background-permission': ['SUCCEEDED', 'agent started', 2, 2],
  '2.1.197/two-turns': ['SUCCEEDED', 'two', 2, 0],
  '2.1.197/resumed': ['SUCCEEDED', 'one', 1, 0],
  '2.1.197/forked': ['SUCCEEDED', 'one', 1, 0],
  '2.1.332/background-command': ['SUCCEEDED', 'started it', 2, 1],
  '2.1.332/background-agent': ['SUCCEEDED', 'agent started', 2, 2],
  '2.1.332/background-within-turn': [
    'SUCCEEDED',
    'tick 0 tick 1 tick 2 tick 3 tick 4 tick 5 tick 6 tick 7 tick 8 tick 9 tick 10 tick 11 tick 12 tick 13 tick 14 ',
    2,
    1
  ],
  '2.1.332/background-permission': ['SUCCEEDED', 'agent started', 2, 2],
  '2.1.332/two-turns': ['SUCCEEDED', 'two', 2, 0],
  '2.1.332/resumed': ['SUCCEEDED', 'one', 1, 0],
  '2.1.332/forked': ['SUCCEEDED', 'one', 1, 0],
  '2.1.197/bypass-root-sandbox': ['SUCCEEDED', 'done', 1, 1],
  '2.1.197/disallowed-tool': ['SUCCEEDED', 'done', 1, 1],
  '2.1.197/error-400': ['FAILED', 'INVALID_MODEL_REQUEST', 0, 0],
  '2.1.197/error-401': ['FAILED', 'AUTHENTICATION_FAILED', 0, 0],
  '2.1.197/error-429': ['FAILED', 'RATE_LIMITED', 0, 0],
  '2.1.197/error-500': ['FAILED', 'MODEL_ERROR', 0, 0],
  '2.1.197/error-529-default-retries': ['FAILED', 'OVERLOADED', 0, 0],
  '2.1.197/error-conn-refused': ['FAILED', 'MODEL_ERROR', 0, 0],
  '2.1.197/error-no-key': ['FAILED', 'RUNTIME_NOT_SIGNED_IN', 0, 0],
  '2.1.197/interrupted-control': ['SUCCEEDED', 'Second turn after the interruption.', 2, 0],
  '2.1.197/interrupted-sigint': ['CANCELLED', '', 1, 0],
  '2.1.197/interrupted-sigkill': ['FAILED', 'NO_RESULT', 0, 0],
  '2.1.197/interrupted-sigterm': ['FAILED', 'NO_RESULT', 0, 0],
  '2.1.197/interrupted-tool-control': ['CANCELLED', '', 1, 1],
  '2.1.197/max-budget': ['FAILED', 'MAX_BUDGET', 0, 1],
  '2.1.197/max-turns': ['FAILED', 'MAX_TURNS', 0, 2],
  '2.1.197/mcp': ['SUCCEEDED', 'done', 1, 2],
  '2.1.197/multi-turn-control': ['SUCCEEDED', 'two', 2, 1],
  '2.1.197/partial-messages': ['SUCCEEDED', 'Hello there this is a longer text in chunks', 1, 0],
  '2.1.197/permission-allow': ['SUCCEEDED', 'written', 1, 1],
  '2.1.197/permission-always-rule': ['SUCCEEDED', 'both', 1, 2],
  '2.1.197/permission-deny': ['SUCCEEDED', 'ok, not written', 1, 1],
  '2.1.197/permission-deny-interrupt': ['CANCELLED', '', 1, 1],
  '2.1.197/permission-pending-interrupt': ['CANCELLED', '', 1, 1],
  '2.1.197/permission-stdin-eof': ['SUCCEEDED', 't', 1, 1],
  '2.1.197/plan-approval': ['SUCCEEDED', 'planned', 1, 2],
  '2.1.197/plan-headless-denied': ['SUCCEEDED', 'done', 1, 2],
  '2.1.197/queued-message': ['SUCCEEDED', 'queued answer', 2, 0],
  '2.1.197/resume': ['SUCCEEDED', 'Follow-up answer.', 1, 0],
  '2.1.197/resume-fork': ['SUCCEEDED', 'Forked answer.', 1, 0],
  '2.1.197/resume-missing': ['FAILED', 'SESSION_MISSING', 0, 0],
  '2.1.197/stream-cut-fallback': ['SUCCEEDED', 'tick 0 tick 1 tick 2 ', 1, 0],
  '2.1.197/subagent': ['SUCCEEDED', 'main done', 1, 1],
  '2.1.197/tasks-todo': ['SUCCEEDED', 'done', 1, 2],
  '2.1.197/text': ['SUCCEEDED', 'Hello from the mock, all done.', 1, 0],
  '2.1.197/tool-denied-headless': ['SUCCEEDED', 'Wrote hello.txt', 1, 1],
  '2.1.197/tool-write': ['SUCCEEDED', 'Wrote hello.txt', 1, 1],
  '2.1.330/error-429': ['FAILED', 'RATE_LIMITED', 0, 0],
  '2.1.330/interrupted-control': ['SUCCEEDED', 'again', 2, 0],
  '2.1.330/interrupted-sigint': ['CANCELLED', '', 1, 0],
  '2.1.330/interrupted-tool-control': ['CANCELLED', '', 1, 1],
  '2.1.330/permission-allow': ['SUCCEEDED', 'written', 1, 1],
  '2.1.330/permission-deny': ['SUCCEEDED', 'no', 1, 1],
  '2.1.330/plan-approval': ['SUCCEEDED', 'planned', 1, 2]
}

const recordings = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.jsonl') && !name.endsWith('.stdin.jsonl'))
  .map(name => name.replaceAll('\\', '/').replace('.jsonl', ''))

test('every recording has a line in the table', () => {
  expect(Object.keys(table).sort()).toEqual(recordings.sort())
})

describe.each(Object.entries(table))('%s', (name, [outcome, said, turns, tools]) => {
  const { signals, ending } = replay(name)

  test('comes to the outcome that was recorded', () => {
    expect(ending.outcome).toBe(outcome)
    expect(ending.error?.code ?? ending.result ?? '').toBe(said)
  })

  test('has its turns and tool calls, each call with a result but those cut off', () => {
    expect(all(signals, 'turn')).toHaveLength(turns)
    expect(events(signals, 'tool_use')).toHaveLength(tools)
    const known = new Set(events(signals, 'tool_use').map(event => event.data.toolUseId))
    for (const result of events(signals, 'tool_result')) expect(known).toContain(result.data.toolUseId)
  })

  test('tells the session and holds no unread line', () => {
    if (name !== '2.1.197/resume-missing') expect(facts(signals).sessionId).toMatch(/^[0-9a-f-]{36}$/)
    expect(all(signals, 'output')).toEqual([])
  })
})

describe('what recordings mean', () => {
  test.each(['2.1.197/interrupted-sigint', '2.1.197/interrupted-tool-control', '2.1.330/interrupted-control'])(
    '%s: an interruption is told as one',
    name => {
      const system = events(replay(name).signals, 'system')
      expect(system.filter(event => event.data.subtype === 'interrupted')).toHaveLength(1)
    }
  )

  test.each(recordings)('%s: every line of a known type is understood', name => {
    const known = ['assistant', 'user', 'system', 'result', 'stream_event', 'control_request', 'control_response']
    const subtypes = events(replay(name).signals, 'system').map(event => event.data.subtype)
    expect(subtypes.filter(subtype => known.includes(String(subtype)))).toEqual([])
  })

  test.each(['2.1.197/disallowed-tool', '2.1.197/plan-headless-denied'])(
    '%s: an error of the CLI itself is told without the marks around it',
    name => {
      const [result] = events(replay(name).signals, 'tool_result')
      expect(result?.data).toMatchObject({ isError: true })
      expect(result?.data.text).not.toMatch(/tool_use_error/)
      expect(result?.data.text).toMatch(/\w/)
    }
  )

  test.each([
    ['2.1.197/interrupted-tool-control', true],
    ['2.1.197/permission-pending-interrupt', true],
    ['2.1.197/permission-deny', undefined],
    ['2.1.197/disallowed-tool', undefined]
  ])('%s: whether a person stopped the call: %s', (name, stopped) => {
    expect(events(replay(name).signals, 'tool_result').at(-1)?.data.stopped).toBe(stopped)
  })

  test('an approval shows the request in plain words and allow echoes the true input', () => {
    const { signals, driver } = replay('2.1.197/permission-always-rule')
    const [asked] = all(signals, 'approval')
    expect(asked).toMatchObject({
      kind: 'tool',
      tool: 'Bash',
      title: 'wants to run a command',
      subject: 'touch /home/me/project/z1',
      toolUseId: 'toolu_mock85_0',
      reason: 'run'
    })
    const [write] = driver.answer({ key: asked?.key ?? '', allow: true, input: null, message: null })
    expect(write?.type === 'write' && JSON.parse(write.line)).toEqual({
      type: 'control_response',
      response: {
        subtype: 'success',
        request_id: asked?.key,
        response: { behavior: 'allow', updatedInput: { command: 'touch /home/me/project/z1', description: 'run' } }
      }
    })
  })

  test('a refusal carries the words of the person', () => {
    const { signals, driver } = replay('2.1.330/permission-deny')
    const key = all(signals, 'approval')[0]?.key ?? ''
    const [write] = driver.answer({ key, allow: false, input: null, message: 'not in this folder' })
    expect(write?.type === 'write' && JSON.parse(write.line).response.response).toEqual({
      behavior: 'deny',
      message: 'not in this folder'
    })
    expect(driver.answer({ key, allow: true, input: null, message: null })).toEqual([])
  })

  test('the answers to a question are added to the question', () => {
    const { signals, driver } = replay('2.1.197/ask-user-question')
    const [asked] = all(signals, 'approval')
    expect(asked?.kind).toBe('question')
    const input = { answers: { 'Which?': 'B' } }
    const [write] = driver.answer({ key: asked?.key ?? '', allow: true, input, message: null })
    expect(write?.type === 'write' && JSON.parse(write.line).response.response.updatedInput).toMatchObject({
      questions: [{ question: 'Which?' }],
      answers: { 'Which?': 'B' }
    })
  })

  test.each(['2.1.197/plan-approval', '2.1.330/plan-approval'])('%s: the plan is shown and leaves plan mode', name => {
    const { signals } = replay(name)
    const [plan, write] = all(signals, 'approval')
    expect(plan).toMatchObject({ kind: 'plan', title: 'has a plan and asks to start' })
    expect(plan?.input.plan).toMatch(/^# Plan/)
    expect(write).toMatchObject({ kind: 'tool', tool: 'Write' })
    expect(facts(signals).permissionMode).toBe('default')
  })

  test('a request that the CLI takes back is withdrawn', () => {
    const { signals } = replay('2.1.197/permission-pending-interrupt')
    expect(all(signals, 'withdrawn').map(signal => signal.key)).toEqual(all(signals, 'approval').map(a => a.key))
  })

  test('a new file comes with its whole content as the diff, its path from the folder of the run', () => {
    const { signals } = replay('2.1.197/tool-write')
    expect(events(signals, 'tool_use')[0]).toMatchObject({
      message: 'Write hello.txt',
      data: { toolKind: 'edit', argument: 'hello.txt' }
    })
    expect(events(signals, 'tool_result')[0]?.data.diff).toEqual({
      path: '/home/me/project/hello.txt',
      created: true,
      hunks: [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 1, lines: ['+hi from claude'] }]
    })
  })

  test('half-finished text bears the name of the block that it becomes', () => {
    const { signals } = replay('2.1.197/partial-messages')
    const deltas = all(signals, 'delta').map(signal => signal.delta)
    expect(deltas.map(delta => delta.text).join('')).toBe('Hello there this is a longer text in chunks')
    const blocks = new Set(deltas.map(delta => delta.block))
    expect([...blocks]).toEqual([events(signals, 'assistant')[0]?.data.block])
  })

  test('tokens, cost and context are totals of the process, sub-agents included', () => {
    expect(facts(replay('2.1.197/subagent').signals)).toMatchObject({
      usage: { inputTokens: 300, outputTokens: 60, cacheReadTokens: 0, cacheWriteTokens: 0 },
      costUsd: 0.003,
      contextUsed: 100,
      contextMax: 1_000_000
    })
    expect(facts(replay('2.1.197/multi-turn-control').signals)).toMatchObject({
      usage: { inputTokens: 300, outputTokens: 60 },
      model: 'claude-haiku-4-5',
      contextMax: 200_000,
      permissionMode: 'acceptEdits'
    })
    expect(facts(replay('2.1.330/interrupted-control').signals)).toMatchObject({
      usage: { inputTokens: 200, outputTokens: 29 }
    })
  })

  test('a turn cut off by a signal keeps the tokens that were seen on the way', () => {
    expect(facts(replay('2.1.197/interrupted-sigint').signals).usage.inputTokens).toBe(100)
  })

  test('retries say what is waited for, and are over when the answer comes', () => {
    const { signals } = replay('2.1.197/error-529-default-retries')
    const reasons = all(signals, 'reason').map(signal => signal.reason)
    expect(reasons).toEqual([
      'The model API is overloaded (529). Trying again in a moment, attempt 1 of 10.',
      'The model API is overloaded (529). Trying again in 1 s, attempt 2 of 10.',
      null
    ])
  })

  test('the prompt of a sub-agent is not shown as something the user said', () => {
    const { signals } = replay('2.1.197/subagent')
    expect(all(signals, 'event').map(({ kind }) => kind as string)).not.toContain('user')
    expect(events(signals, 'tool_use')[0]?.data).toMatchObject({
      tool: 'Agent',
      toolKind: 'agent',
      argument: 'explore'
    })
  })

  test('a process that dies without a result says how, with its last words', () => {
    const crashed = replay('2.1.197/interrupted-sigterm', { code: null, signal: 'SIGTERM', stderr: 'boom' })
    expect(crashed.ending.error).toEqual({
      code: 'AGENT_CRASHED',
      message: 'Claude Code was ended by SIGTERM:\nboom'
    })
  })
})

describe('lines that no recording holds', () => {
  test.each(['not json', '{"half":', '42', '[]', '"text"', '{"type":7}'])('%s is kept as output', line => {
    const driver = new ClaudeDriver(assignment)
    expect(driver.lines([line])).toEqual([{ type: 'output', subtype: 'output', text: line }])
  })

  test('an unknown type is told, one that says nothing is not', () => {
    const driver = new ClaudeDriver(assignment)
    expect(driver.lines(['{"type":"brand_new","x":1}'])).toMatchObject([{ kind: 'system', message: 'brand new' }])
    expect(driver.lines(['{"type":"keep_alive"}'])).toEqual([])
  })

  test('a known type with wrong fields never throws', () => {
    const driver = new ClaudeDriver(assignment)
    const lines = ['{"type":"assistant"}', '{"type":"result"}', '{"type":"user","message":null}', '{"type":"system"}']
    expect(() => driver.lines(lines)).not.toThrow()
    expect(driver.lines(['{"type":"assistant","message":{"content":[{"type":"tool_use"}]}}'])).toHaveLength(1)
  })

  test('a control request of an unknown kind is refused, so that the CLI does not wait for ever', () => {
    const driver = new ClaudeDriver(assignment)
    const [write] = driver.lines(['{"type":"control_request","request_id":"9","request":{"subtype":"hook_callback"}}'])
    expect(write?.type === 'write' && JSON.parse(write.line).response).toMatchObject({
      subtype: 'error',
      request_id: '9'
    })
  })

  test('a change that the CLI refuses is told', () => {
    const driver = new ClaudeDriver(assignment)
    const [write] = driver.adjust({ permissionMode: 'bypassPermissions', model: null })
    const id = write?.type === 'write' ? JSON.parse(write.line).request_id : ''
    const refusal = {
      type: 'control_response',
      response: { subtype: 'error', request_id: id, error: 'not launched so' }
    }
    expect(driver.lines([JSON.stringify(refusal)])).toMatchObject([
      { kind: 'error', message: 'Claude Code refused the change (permission mode): not launched so' }
    ])
  })
})

test.each(['2.1.197/text', '2.1.332/two-turns'])('%s tells the commands that work without a terminal', name => {
  const [init] = events(replay(name).signals, 'system').filter(({ data }) => data.subtype === 'init')
  expect(init?.data.commands).toEqual(expect.arrayContaining(['compact', 'security-review']))
  expect(init?.data.commands?.filter(command => !/^[^\s_]\S*$/.test(command))).toEqual([])
})
