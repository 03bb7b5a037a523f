import { expect, test } from 'vitest'
import { dayWords, startOf } from './message-words.ts'

const now = new Date(2026, 10, 21, 15).getTime()

test('messages are read by days; today says so, another year names it', () => {
  expect(dayWords(new Date(2026, 10, 21, 1).toISOString(), now)).toBe('Today, Sat 21 Nov')
  expect(dayWords(new Date(2025, 10, 20, 9).toISOString(), now)).toBe('Thu 20 Nov 2025')
})

test('a range begins with a day, not so many hours ago', () => {
  expect(startOf(0, now)).toBe(new Date(2026, 10, 21).toISOString())
  expect(startOf(29, now)).toBe(new Date(2026, 9, 23).toISOString())
})
