import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import type { Signal } from '../runtime.ts'
import { ClaudeDriver } from './driver.ts'

const exit = { code: 0, signal: null, stderr: '' }
const versions = ['2.1.197', '2.1.332'] as const

function linesOf(name: string): string[] {
  return readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
}

/** What a person would see of a conversation, line by line. */
function told(signals: Signal[]): string[] {
  return signals.flatMap(signal => {
    if (signal.type === 'reason') return [`reason: ${signal.reason}`]
    if (signal.type === 'turn') return [signal.open ? 'turn, open' : 'turn']
    if (signal.type === 'working' || signal.type === 'approval') return [signal.type]
    if (signal.type === 'event' && signal.kind === 'system' && String(signal.data.subtype).startsWith('task_'))
      return [signal.message]
    return []
  })
}

function replay(name: string): { driver: ClaudeDriver; story: string[] } {
  const driver = new ClaudeDriver(assignmentOf())
  driver.start()
  return { driver, story: told(linesOf(name).flatMap(line => driver.lines([line]))) }
}

const reads = 'reason: Waits for the agent to read what its background work came to'

describe.each(versions)('Claude Code %s', version => {
  test('a background command keeps the run open until the agent has read what it came to', () => {
    const { driver, story } = replay(`${version}/background-command`)
    expect(story[0]).toBe('Background command started: long build')
    expect(story).toContain('reason: Waits for: long build')
    expect(story).toContain('Background command completed: long build')
    expect(story.filter(line => line.startsWith('turn'))).toEqual(['turn, open', 'turn'])
    expect(story).toContain(reads)
    expect(story.slice(-3)).toEqual(['reason: null', 'working', 'turn'])
    expect(driver.end(exit)).toMatchObject({ outcome: 'SUCCEEDED' })
  })

  test('so does a sub-agent in the background', () => {
    const { story } = replay(`${version}/background-agent`)
    expect(story[0]).toBe('Sub-agent started: look around')
    expect(story).toContain('reason: Waits for: look around')
    expect(story.filter(line => line.startsWith('turn'))).toEqual(['turn, open', 'turn'])
    expect(story.join('\n')).not.toContain('Background command')
  })

  test('a sub-agent in the background asks for permission after the turn', () => {
    const { story } = replay(`${version}/background-permission`)
    expect(story).toContain('approval')
    expect(story.filter(line => line.startsWith('turn'))).toEqual(['turn, open', 'turn'])
  })

  test('work that ends within the turn is still read in a turn of its own', () => {
    const { story } = replay(`${version}/background-within-turn`)
    expect(story.filter(line => line.startsWith('turn'))).toEqual(['turn, open', 'turn'])
  })

  test.each(['background-command', 'background-agent'])('%s: cut off, it is no success', name => {
    const driver = new ClaudeDriver(assignmentOf())
    driver.start()
    const lines = linesOf(`${version}/${name}`)
    const first = lines.findIndex(line => line.includes('"type":"result"'))
    driver.lines(lines.slice(0, first + 1))
    const words = name === 'background-command' ? 'long build' : 'look around'
    expect(driver.end(exit)).toMatchObject({
      outcome: 'FAILED',
      error: { code: 'WORK_CUT_OFF', message: expect.stringContaining(words) }
    })
  })
})

const started = (id: string, more: object = {}) =>
  JSON.stringify({
    type: 'system',
    subtype: 'task_started',
    task_id: id,
    tool_use_id: `call-${id}`,
    description: id,
    task_type: 'local_bash',
    is_backgrounded: true,
    ...more
  })
const ended = (id: string, status = 'completed') =>
  JSON.stringify({ type: 'system', subtype: 'task_notification', task_id: id, status, summary: `${id} is done` })
const result = (origin?: string) =>
  JSON.stringify({
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: 'ok',
    ...(origin ? { origin: { kind: origin } } : {})
  })
const init = JSON.stringify({ type: 'system', subtype: 'init', session_id: 's', model: 'm' })

function talk(...lines: string[]): { driver: ClaudeDriver; story: string[] } {
  const driver = new ClaudeDriver(assignmentOf())
  driver.start()
  return { driver, story: told(driver.lines(lines)) }
}

test('many at work are counted, and the reason follows as they end', () => {
  const { story } = talk(started('a'), started('b'), started('c'), started('d'), result(), ended('a'), ended('b'))
  expect(story.filter(line => line.startsWith('reason'))).toEqual([
    'reason: Waits for: a, b and 2 more',
    'reason: Waits for: b, c and 1 more',
    'reason: Waits for: c, d'
  ])
})

test('a call that waits for its own shell is no background command', () => {
  const { story } = talk(started('a', { is_backgrounded: false }), ended('a'), result())
  expect(story).toEqual(['turn'])
})

test('a shell that was put into the background while it ran is one', () => {
  const returned = { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 'call-a', content: '' }] } }
  const { story } = talk(started('a', { is_backgrounded: false }), JSON.stringify(returned), result())
  expect(story).toEqual(['Background command started: a', 'reason: Waits for: a', 'turn, open'])
})

test('a turn that is owed and never comes is not waited for without end', () => {
  const { driver, story } = talk(started('a'), result(), ended('a'))
  expect(story).toContain(reads)
  expect(told(driver.alarm())).toEqual(['reason: null', 'turn'])
  expect(driver.alarm()).toEqual([])
})

test('what the agent ended itself owes no turn', () => {
  const { story } = talk(started('a'), ended('a', 'killed'), result())
  expect(story.at(-1)).toBe('turn')
})

test('input that is read meanwhile begins a turn, and the run waits again after it', () => {
  const { driver } = talk(started('a'), result())
  expect(told(driver.message('and now?'))).toEqual(['reason: null', 'working'])
  expect(told(driver.lines([init, result()]))).toEqual(['reason: Waits for: a', 'turn, open'])
})

test('a turn of its own does not answer a message that was said meanwhile', () => {
  const { driver } = talk(started('a'), result(), ended('a'), init)
  driver.message('and now?')
  expect(told(driver.lines([result('task-notification')])).at(-1)).toBe('turn, open')
  expect(told(driver.lines([init, result()])).at(-1)).toBe('turn')
})

test('an answer to a request puts back what the run waits for', () => {
  const { driver } = talk(started('a'), result())
  expect(told(driver.answer({ key: 'x', allow: true, input: null, message: null }))).toEqual(['reason: Waits for: a'])
})

test('what a newer version does not list any more has ended', () => {
  const none = JSON.stringify({ type: 'system', subtype: 'background_tasks_changed', tasks: [] })
  expect(talk(started('a'), result(), none).story).toContain(reads)
})
