import { expect, test } from 'vitest'
import type { ToolResultData } from '#contract/runs/events'
import type { Asked, ToolCallRow } from './rows.ts'
import { opensByItself, outcomeOf, workedMs } from './tool-call-outcome.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const data = (more: Partial<ToolResultData> = {}): ToolResultData => ({
  toolUseId: 'a',
  isError: false,
  text: '',
  ...more
})

function call(
  result: Partial<ToolResultData> | null,
  asked?: Partial<NonNullable<Asked['decision']>> | null
): ToolCallRow {
  const request = {
    approvalId: 'x',
    state: 'requested' as const,
    approvalKind: 'tool' as const,
    tool: 'Bash',
    title: '',
    subject: ''
  }
  return {
    type: 'call',
    seq: 1,
    ts: at(0),
    use: { toolUseId: 'a', tool: 'Bash', toolKind: 'command', argument: null, input: {} },
    result: result && { seq: 9, ts: at(50), data: data(result) },
    children: [],
    ...(asked !== undefined && {
      approval: { seq: 2, ts: at(1), request, decision: asked && { ...request, state: 'approved', ...asked } }
    })
  }
}

test('a call that a person denied or stopped has not failed', () => {
  expect(outcomeOf(call({ isError: true }, { state: 'denied' }), true)).toBe('denied')
  expect(outcomeOf(call(null, { state: 'denied' }), false)).toBe('denied')
  expect(outcomeOf(call({ isError: true, stopped: true }), true)).toBe('stopped')
  expect(outcomeOf(call({ isError: true }, { state: 'withdrawn' }), true)).toBe('stopped')
  expect(outcomeOf(call({ isError: true }, { state: 'approved' }), true)).toBe('failed')
  expect(outcomeOf(call({ isError: true }), true)).toBe('failed')
})

test('a call without a result works, waits, was stopped with its run, or left none', () => {
  expect(outcomeOf(call(null), true)).toBe('working')
  expect(outcomeOf(call(null, null), true)).toBe('waiting')
  expect(outcomeOf(call(null), false, true)).toBe('stopped')
  expect(outcomeOf(call(null), false)).toBe('silent')
})

test('only what failed opens by itself', () => {
  expect(opensByItself(call({ isError: true }))).toBe(true)
  expect(opensByItself(call({ isError: true }, { state: 'denied' }))).toBe(false)
  expect(opensByItself(call({}))).toBe(false)
})

test('the time of a call leaves out the wait for a person, also for one that was asked inside of it', () => {
  expect(workedMs(call({}))).toBe(50_000)
  expect(workedMs(call({}, { waitedMs: 42_000 }))).toBe(8000)
  expect(workedMs({ ...call({}), children: [call({}, { waitedMs: 20_000 })] })).toBe(30_000)
  expect(workedMs(call({}, { waitedMs: 90_000 }))).toBe(0)
  expect(workedMs(call(null))).toBeNull()
})
