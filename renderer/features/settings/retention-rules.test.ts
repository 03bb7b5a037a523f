import { expect, test } from 'vitest'
import { isStricter, limitOf, type Rule, rules, typedOf, wordsOfLimit } from './retention-rules.ts'

const days = rules.find(rule => rule.field === 'runDays') as Rule
const room = rules.find(rule => rule.field === 'eventBytes') as Rule

test('an empty field keeps for ever, and for ever is an empty field', () => {
  expect(limitOf(days, ' ')).toEqual({ value: null })
  const forEver = { runDays: null, eventDays: null, eventBytes: null, messageDays: null, workspaceDays: null }
  expect(typedOf(days, forEver)).toBe('')
  expect(wordsOfLimit(days, null)).toBe('for ever')
})

test('days are whole, room is in gigabytes, also with a comma', () => {
  expect(limitOf(days, '30')).toEqual({ value: 30 })
  expect(limitOf(room, '1,5')).toEqual({ value: 1_500_000_000 })
  for (const wrong of ['0', '1.5', '-3', '36501', 'a week', 'Infinity'])
    expect(limitOf(days, wrong)).toHaveProperty('fault')
  for (const wrong of ['0', '-1', 'much']) expect(limitOf(room, wrong)).toHaveProperty('fault')
})

test('only what keeps less than before is stricter', () => {
  expect(isStricter(null, 30)).toBe(true)
  expect(isStricter(30, 7)).toBe(true)
  expect(isStricter(7, 30)).toBe(false)
  expect(isStricter(30, null)).toBe(false)
  expect(isStricter(null, null)).toBe(false)
})
