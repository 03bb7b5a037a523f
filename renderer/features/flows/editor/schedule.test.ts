import { expect, test } from 'vitest'
import { localWords, offsetWords } from './schedule.ts'

test.each([
  ['2027-03-28T03:00:00+02:00', 'Sun 28 Mar 03:00', 'UTC+2'],
  ['2026-11-30T23:30:00-03:30', 'Mon 30 Nov 23:30', 'UTC-3:30'],
  ['2026-11-30T00:05:00+00:00', 'Mon 30 Nov 00:05', 'UTC']
])('%s is read by the clocks that it names', (time, words, offset) => {
  expect(localWords(time)).toBe(words)
  expect(offsetWords(time)).toBe(offset)
})
