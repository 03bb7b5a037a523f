import { describe, expect, test } from 'vitest'
import { type TaskStatus, taskStatuses } from '#contract/work/tasks'
import { columns, moveOf } from './task-moves.ts'

const task = (status: TaskStatus, more: { runId?: string; blockedBy?: string[] } = {}) => ({
  status,
  runId: null,
  blockedBy: [],
  ...more
})

describe('what a move of a task does', () => {
  test('every status has a column, and a task never moves to where it is', () => {
    expect(columns.map(column => column.status).sort()).toEqual([...taskStatuses].sort())
    for (const status of taskStatuses) expect(moveOf(task(status), status).does).toBe('nothing')
  })

  test('only a run can make it wait', () => {
    for (const status of taskStatuses) expect(moveOf(task(status), 'waiting').does).toBe('nothing')
  })

  test('to Running starts it, unless it runs, is queued or depends on what is not done', () => {
    expect(moveOf(task('pending'), 'running').does).toBe('run')
    expect(moveOf(task('error', { runId: 'r' }), 'running').does).toBe('run')
    expect(moveOf(task('waiting'), 'running').does).toBe('nothing')
    expect(moveOf(task('pending', { runId: 'r' }), 'running').does).toBe('nothing')
    expect(moveOf(task('pending', { blockedBy: ['a', 'b'] }), 'running').words).toBe('Depends on 2 tasks not done yet')
  })

  test('out of Running or Waiting stops it; what does not run is only marked', () => {
    for (const to of ['pending', 'done', 'error'] as const) {
      expect(moveOf(task('running'), to).does).toBe('stop')
      expect(moveOf(task('waiting'), to).does).toBe('stop')
    }
    expect(moveOf(task('pending'), 'done').does).toBe('mark')
    expect(moveOf(task('done'), 'pending').does).toBe('mark')
  })
})
