import { expect, test } from 'vitest'
import { filterFrom, shows, unfiltered, withFilter } from './event-filter.ts'
import type { Row } from './rows.ts'

const ts = '2026-01-01T00:00:00.000Z'
const thinking: Row = { type: 'thinking', seq: 1, ts, text: 'Hm', tookMs: null }
const prompt: Row = { type: 'prompt', seq: 2, ts, text: 'Go', images: [] }
const failed: Row = {
  type: 'call',
  seq: 3,
  ts,
  use: { toolUseId: 'a', tool: 'Read', toolKind: 'read', argument: null, input: null },
  result: { seq: 4, ts, data: { toolUseId: 'a', isError: true, text: '' } },
  children: []
}

test('quiet leaves out how the agent got there, and keeps what failed', () => {
  const quiet = { ...unfiltered, verbosity: 'quiet' as const }
  expect([thinking, prompt, failed].map(row => shows(quiet, row))).toEqual([false, true, true])
  expect([thinking, failed].map(row => shows({ ...unfiltered, hidden: ['errors'] }, row))).toEqual([true, false])
})

test('the address holds the filter, and nothing of another version', () => {
  const search = withFilter(new URLSearchParams('a=1'), { hidden: ['system', 'text'], verbosity: 'everything' })
  expect(search.toString()).toBe('a=1&hide=system%2Ctext&events=everything')
  expect(filterFrom(search)).toEqual({ hidden: ['text', 'system'], verbosity: 'everything' })
  expect(filterFrom(new URLSearchParams('hide=smell&events=loud'))).toEqual(unfiltered)
  expect(withFilter(search, unfiltered).toString()).toBe('a=1')
})
