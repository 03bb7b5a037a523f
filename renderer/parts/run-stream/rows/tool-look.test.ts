import { describe, expect, test } from 'vitest'
import type { ToolResultData } from '#contract/runs/events'
import { summaryOf, todosOf } from './tool-look.ts'

const result = (more: Partial<ToolResultData>): ToolResultData => ({
  toolUseId: 'x',
  isError: false,
  text: '',
  ...more
})

describe('summaryOf', () => {
  test('an exit code says how a command went', () => {
    expect(summaryOf('command', result({ exitCode: 0 }))).toEqual({ tone: 'done', words: 'exit 0' })
    expect(summaryOf('command', result({ exitCode: 1, isError: true }))).toEqual({ tone: 'failed', words: 'exit 1' })
  })

  test('lines are counted without the empty one after the last newline', () => {
    expect(summaryOf('read', result({ text: 'a\nb\n' })).words).toBe('2 lines')
    expect(summaryOf('read', result({ text: 'a' })).words).toBe('1 line')
    expect(summaryOf('read', result({})).words).toBe('empty')
  })

  test('a failure without an exit code is still a failure', () => {
    expect(summaryOf('edit', result({ isError: true })).tone).toBe('failed')
  })
})

describe('todosOf', () => {
  test('reads the checklists of the runtimes', () => {
    expect(
      todosOf({
        todos: [
          { content: 'A', status: 'completed' },
          { content: 'B', status: 'pending' }
        ]
      })
    ).toEqual([
      { text: 'A', state: 'done' },
      { text: 'B', state: 'queued' }
    ])
    expect(todosOf({ plan: [{ step: 'C', status: 'in_progress' }] })).toEqual([{ text: 'C', state: 'running' }])
  })

  test('is null for anything else', () => {
    expect(todosOf({ todos: 'no' })).toBeNull()
    expect(todosOf(null)).toBeNull()
    expect(todosOf({ todos: [7] })).toBeNull()
  })
})
