import { expect, test } from 'vitest'
import { arithmeticOf } from './time-saved.ts'

const of = (succeeded: number, runs: number, humanMinutes: number) =>
  arithmeticOf({ succeeded, valued: { runs, humanMinutes } }, 15)

test('the arithmetic of the time saved names what was said and what is assumed', () => {
  expect(of(12, 0, 0)).toBe('12 done runs of 15 minutes each, as is assumed')
  expect(of(1, 1, 40)).toBe('1 done run of flows that say 40 min in all')
  expect(of(13, 12, 150)).toBe(
    '12 done runs of flows that say 2.5 h in all, and 1 done run of 15 minutes, as is assumed'
  )
})
