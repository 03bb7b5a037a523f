import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import type { CommandSpec } from '#contract/runs/runs'
import { fromAgent, toAgent } from '../command-protocol.ts'
import type { LaunchContext, Signal } from '../runtime.ts'
import { command } from './index.ts'

const ok = { code: 0, signal: null, stderr: '' }
const context: LaunchContext = {
  cli: null,
  node: 'node',
  practiceAgent: 'agent',
  folder: '/home/me/project',
  unsandboxedRoot: false,
  folderSettings: true,
  movedSession: null
}

function assignment(spec: Partial<CommandSpec>, more: Partial<Assignment> = {}): Assignment {
  return {
    runId: 'r',
    number: 1,
    attempt: 1,
    workspace: 'r',
    instructions: '',
    allowedTools: [],
    env: {},
    mcpServers: [],
    prompt: 'do it',
    images: [],
    cwd: null,
    runtime: 'command',
    place: 'host',
    command: { program: 'prog', args: ['-x'], prompt: 'stdin', output: 'lines', ...spec },
    model: null,
    permissionMode: 'default',
    resume: null,
    timeoutSeconds: null,
    ...more
  }
}

function said(signals: Signal[]): unknown[] {
  return signals.flatMap(signal => (signal.type === 'write' ? [JSON.parse(signal.line)] : []))
}

describe('a program that prints lines', () => {
  test('reads the prompt from stdin to its end', () => {
    const run = assignment({})
    expect(command.command(run, context)).toMatchObject({ file: 'prog', args: ['-x'] })
    expect(command.driver(run, context).start()).toEqual([{ type: 'write', line: 'do it' }, { type: 'over' }])
  })

  test('or gets it as the last argument, with stdin closed', () => {
    const run = assignment({ prompt: 'argument' })
    expect(command.command(run, context).args).toEqual(['-x', 'do it'])
    expect(command.driver(run, context).start()).toEqual([{ type: 'over' }])
  })

  test('lines that arrive together are one event, the last 64 lines are the result', () => {
    const driver = command.driver(assignment({}), context)
    expect(driver.lines(['one', 'two'])).toMatchObject([{ kind: 'assistant', message: 'one\ntwo' }])
    driver.lines(['', ' '])
    driver.lines(['three'])
    expect(driver.end(ok)).toEqual({ outcome: 'SUCCEEDED', result: 'one\ntwo\nthree', error: null })
  })

  test.each([
    ['all at once', [Array.from({ length: 200 }, (_, n) => `line ${n}`)]],
    ['one after the other', Array.from({ length: 200 }, (_, n) => [`line ${n}`])],
    ['in threes', Array.from({ length: 66 }, (_, n) => [0, 1, 2].map(m => `line ${2 + 3 * n + m}`))]
  ])('%s, the result is the same', (_, batches) => {
    const driver = command.driver(assignment({}), context)
    for (const batch of batches) driver.lines(batch)
    const lines = driver.end(ok).result?.split('\n')
    expect([lines?.length, lines?.[0], lines?.at(-1)]).toEqual([64, 'line 136', 'line 199'])
  })

  test('a result holds no more than an event, and the last line always', () => {
    const driver = command.driver(assignment({}), context)
    driver.lines(['x'.repeat(900_000)])
    driver.lines(['y'.repeat(900_000)])
    expect(driver.end(ok).result).toBe('y'.repeat(900_000))
  })

  test('a line too long for one event does not swallow those that arrived with it', () => {
    const long = 'x'.repeat(2_000_000)
    const signals = command.driver(assignment({}), context).lines(['before', long, 'after', 'it'])
    expect(signals).toMatchObject([{ message: 'before' }, { message: long }, { message: 'after\nit' }])
  })

  test('another exit code than 0 is a crash with its last words', () => {
    const ending = command.driver(assignment({}), context).end({ code: 7, signal: null, stderr: 'no disk' })
    expect(ending.error).toEqual({ code: 'AGENT_CRASHED', message: 'prog ended with exit code 7:\nno disk' })
  })
})

describe('a program that speaks the protocol', () => {
  function start(more: Partial<Assignment> = {}) {
    return command.driver(assignment({ output: 'events' }, more), context)
  }
  const line = (message: object) => JSON.stringify(message)

  test('is given prompt, session, mode and model', () => {
    const resume = { sessionId: 's1', fork: true, cwd: null }
    expect(said(start({ resume, permissionMode: 'plan', model: 'm' }).start())).toEqual([
      { type: 'prompt', text: 'do it', session: 's1', fork: true, permissionMode: 'plan', model: 'm' }
    ])
  })

  test('text, tools and their results become events with everything the reader needs', () => {
    const diff = { path: '/a', hunks: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-a', '+b'] }] }
    const signals = start().lines([
      line({ type: 'text', text: 'hi', block: 'b' }),
      line({ type: 'tool_use', id: '1', tool: 'Edit', kind: 'edit', argument: 'a.txt', input: { x: 1 } }),
      line({ type: 'tool_result', id: '1', text: 'done', diff })
    ])
    expect(signals).toMatchObject([
      { kind: 'assistant', message: 'hi', data: { block: 'b' } },
      { kind: 'tool_use', message: 'Edit a.txt', data: { toolUseId: '1', toolKind: 'edit', input: { x: 1 } } },
      { kind: 'tool_result', message: 'done', data: { toolUseId: '1', isError: false, diff: { created: false } } }
    ])
  })

  test('an allowed approval is answered with what was asked, unless the person changed it', () => {
    const driver = start()
    const ask = (key: string) => line({ type: 'approval', key, tool: 'T', title: 'wants', input: { cmd: 'ls' } })
    expect(driver.lines([ask('1'), ask('2'), ask('3')])).toMatchObject([{ type: 'approval', key: '1' }, {}, {}])
    const answers = [
      { key: '1', allow: true, input: null, message: null },
      { key: '2', allow: true, input: { cmd: 'ls -l' }, message: null },
      { key: '3', allow: false, input: null, message: 'no' },
      { key: '3', allow: true, input: null, message: null },
      { key: 'unknown', allow: true, input: null, message: null }
    ]
    expect(said(answers.flatMap(answer => driver.answer(answer)))).toEqual([
      { type: 'answer', key: '1', allow: true, input: { cmd: 'ls' }, message: null },
      { type: 'answer', key: '2', allow: true, input: { cmd: 'ls -l' }, message: null },
      { type: 'answer', key: '3', allow: false, input: null, message: 'no' }
    ])
  })

  test('a turn ends with its result, and another message opens the next one', () => {
    const driver = start()
    expect(driver.lines([line({ type: 'result', text: 'first' })])).toEqual([{ type: 'turn' }])
    expect(driver.end(ok)).toMatchObject({ outcome: 'SUCCEEDED', result: 'first' })
    driver.message('more')
    expect(driver.end(ok)).toMatchObject({ outcome: 'FAILED', error: { code: 'NO_RESULT' } })
  })

  test('an interrupted turn that nothing follows is cancelled, an error is a failure', () => {
    const interrupted = start()
    interrupted.lines([line({ type: 'result', interrupted: true })])
    expect(interrupted.end(ok).outcome).toBe('CANCELLED')
    const broken = start()
    expect(broken.lines([line({ type: 'error', message: 'no', code: 'MINE' })])).toEqual([{ type: 'over' }])
    expect(broken.end(ok).error).toEqual({ code: 'MINE', message: 'no' })
  })

  test('usage and session become facts', () => {
    const signals = start().lines([
      line({ type: 'usage', inputTokens: 5, costUsd: 0.1, contextMax: 100 }),
      line({ type: 'session', id: 's9' })
    ])
    const facts = Object.assign({}, ...signals.map(signal => (signal.type === 'facts' ? signal.facts : {})))
    expect(facts).toMatchObject({ usage: { inputTokens: 5, outputTokens: 0 }, costUsd: 0.1, sessionId: 's9' })
  })

  test.each(['no json', '{}', '{"type":"text"}', '{"type":"approval","key":""}', 'null'])('%s is output', text => {
    expect(start().lines([text])).toEqual([{ type: 'output', subtype: 'output', text }])
  })
})

test('the documentation names every message and every example line is valid', () => {
  const text = readFileSync(new URL('../../../../docs/command-protocol.md', import.meta.url), 'utf8')
  for (const option of [...fromAgent.options, ...toAgent.options]) {
    expect(text).toContain(`| \`${option.shape.type.value}\` |`)
  }
  const examples = [...text.matchAll(/echo '(\{"type".*?\})'/g)].map(match => JSON.parse(match[1] ?? ''))
  expect(examples.length).toBeGreaterThan(5)
  for (const example of examples) expect(fromAgent.safeParse(example).success).toBe(true)
})
