import { expect, test } from 'vitest'
import { isDay, rangeOf, rangeWords, shifted } from './dates.ts'

test('a month is the whole calendar month, a week the seven days up to the day', () => {
  expect(rangeOf('month', '2026-02-11')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(rangeOf('week', '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' })
  expect(rangeOf('day', '2026-03-03')).toEqual({ from: '2026-03-03', to: '2026-03-03' })
})

test('months go by months over the year, anything else by its own length', () => {
  expect(shifted({ from: '2026-01-01', to: '2026-01-31' }, -1)).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(shifted({ from: '2026-01-30', to: '2026-02-01' }, 1)).toEqual({ from: '2026-02-02', to: '2026-02-04' })
})

test('a range is said as short as it can be', () => {
  expect(rangeWords({ from: '2026-11-01', to: '2026-11-30' })).toBe('1 to 30 Nov 2026')
  expect(rangeWords({ from: '2026-11-28', to: '2026-12-04' })).toBe('28 Nov to 4 Dec 2026')
  expect(rangeWords({ from: '2025-12-28', to: '2026-01-04' })).toBe('28 Dec 2025 to 4 Jan 2026')
  expect(rangeWords({ from: '2026-11-12', to: '2026-11-12' })).toBe('12 Nov 2026')
})

test('what is no day is none', () => {
  expect(['2026-02-30', '2026-2-1', 'x', null].map(isDay)).toEqual([false, false, false, false])
  expect(isDay('2024-02-29')).toBe(true)
})
