import { expect, test } from 'vitest'
import type { RunRow } from '../../store/runs/runs.ts'
import type { EventDraft } from './event-draft.ts'
import { timesAfter, timesAtEnd } from './run-times.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')
const fresh = { tools_ms: 0, tools_open: null, waited_ms: 0 } as RunRow

function use(id: string, second: number): EventDraft {
  return { ts: ts(second), kind: 'tool_use', message: '', data: { toolUseId: id } }
}

function result(id: string, second: number): EventDraft {
  return { ts: ts(second), kind: 'tool_result', message: '', data: { toolUseId: id } }
}

function ts(second: number): string {
  return new Date(start + second * 1000).toISOString()
}

function after(run: RunRow, ...events: EventDraft[]): RunRow {
  return { ...run, ...timesAfter(run, events, start) }
}

test('calls side by side count once, over batches', () => {
  const first = after(fresh, use('a', 1), use('b', 2), result('a', 4))
  expect(first.tools_ms).toBe(0)
  expect(after(first, result('b', 6), use('c', 10), result('c', 11)).tools_ms).toBe(6000)
})

test('waiting for a person inside of a call is not its time', () => {
  const asked = after(fresh, use('a', 1))
  expect(after({ ...asked, waited_ms: 3000 }, result('a', 6)).tools_ms).toBe(2000)
})

test('a call without a result lasts until the end of the run', () => {
  const open = after(fresh, use('a', 1))
  expect(timesAtEnd(open, start + 9000, 0)).toEqual({ tools_ms: 8000, tools_open: null })
  expect(timesAtEnd(after(open, result('a', 2)), start + 9000, 0)).toEqual({})
})

test('results nobody asked for, clocks that run backwards and a thousand calls at once do no harm', () => {
  expect(after(fresh, result('x', 1)).tools_ms).toBe(0)
  expect(after(fresh, use('a', 5), result('a', 1)).tools_ms).toBe(0)
  const many = after(fresh, ...Array.from({ length: 1000 }, (_, i) => use(`t${i}`, 1)))
  expect(many.tools_open?.length).toBeLessThan(2000)
})

test('other events leave the times alone', () => {
  expect(timesAfter(fresh, [{ kind: 'assistant', message: 'hi', data: {} }], start)).toEqual({})
})
