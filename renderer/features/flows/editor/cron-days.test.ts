import { expect, test } from 'vitest'
import { cronOf, weeklyOf } from './cron-days.ts'

test.each([
  ['30 7 * * 1-5', [0, 1, 2, 3, 4], '07:30'],
  ['0 2 * * *', [0, 1, 2, 3, 4, 5, 6], '02:00'],
  ['5 16 * * 2,5', [1, 4], '16:05'],
  ['0 20 * * 7', [6], '20:00'],
  ['0 0 * * 1-3,6,7', [0, 1, 2, 5, 6], '00:00']
])('%s is a time on days, and is written the same', (cron, days, time) => {
  expect(weeklyOf(cron)).toEqual({ days, time })
  expect(cronOf({ days, time })).toBe(cron)
})

test('Sunday is 0 and 7, and days have names', () => {
  expect(weeklyOf('0 9 * * 0')?.days).toEqual([6])
  expect(weeklyOf('0 9 * * mon,WED-FRI')?.days).toEqual([0, 2, 3, 4])
})

test.each([
  '*/5 * * * *',
  '0 9 1 * *',
  '0 9 * 3 1',
  '0 24 * * *',
  '0 9 * * MON#1',
  '0 9 * * 5-1',
  '@daily',
  '',
  '0 9 * *'
])('%j says something else', cron => expect(weeklyOf(cron)).toBeNull())
