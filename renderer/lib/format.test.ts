import { describe, expect, test } from 'vitest'
import {
  age,
  clock,
  duration,
  exactMoney,
  folderName,
  headlineTokens,
  money,
  shortTimeOfDay,
  spent,
  titleOf,
  tokens,
  until,
  upcoming
} from './format.ts'

const now = new Date(2026, 10, 21, 14, 0, 0).getTime()
const earlier = (ms: number) => new Date(now - ms).toISOString()

describe('duration', () => {
  test.each([
    [0, '0.0 s'],
    [430, '0.4 s'],
    [41_250, '41.2 s'],
    [59_990, '59.9 s'],
    [60_000, '1:00'],
    [218_000, '3:38'],
    [4_325_000, '1:12:05'],
    [-5, '0.0 s']
  ])('%d ms reads %s', (ms, words) => expect(duration(ms)).toBe(words))

  test('a running clock shows whole seconds', () => {
    expect(clock(12_900)).toBe('12 s')
    expect(clock(61_900)).toBe('1:01')
  })
})

describe('age', () => {
  test.each([
    [0, 'now'],
    [59_000, 'now'],
    [11 * 60_000, '11 min'],
    [2 * 3_600_000, '2 h'],
    [26 * 3_600_000, 'Yesterday'],
    [3 * 86_400_000, 'Wed 18 Nov'],
    [400 * 86_400_000, 'Fri 17 Oct 2025']
  ])('%d ms ago reads %s', (ms, words) => expect(age(earlier(ms), now)).toBe(words))

  test('says ago only where it is asked to and where it fits', () => {
    expect(age(earlier(11 * 60_000), now, true)).toBe('11 min ago')
    expect(age(earlier(0), now, true)).toBe('now')
  })
})

describe('money', () => {
  test.each([
    [null, 'n/a'],
    [0, '–'],
    [0.004, '<$0.01'],
    [1.256, '$1.26'],
    [1234.5, '$1,234.50']
  ])('%s reads %s', (usd, words) => expect(money(usd)).toBe(words))

  test('a run without a model cost nothing, one with a model of unknown price says so', () => {
    const usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
    expect(spent({ costUsd: null, usage })).toBe('–')
    expect(spent({ costUsd: null, usage: { ...usage, outputTokens: 5 } })).toBe('n/a')
    expect(spent({ costUsd: 1, usage })).toBe('$1.00')
  })

  test('is exact on demand', () => expect(exactMoney(1.25678)).toBe('$1.2568'))
})

test.each([
  [940, '940', '940'],
  [31_400, '31k', '31.4k'],
  [184_200, '184k', '184.2k'],
  [999_960, '1.0M', '1.0M'],
  [61_800_000, '61.8M', '61.8M']
])('%d tokens read %s in a table and %s in a headline', (n, table, headline) => {
  expect(tokens(n)).toBe(table)
  expect(headlineTokens(n)).toBe(headline)
})

test('a folder is called by its last part on every system', () => {
  expect(folderName('/home/ada/storefront-api/')).toBe('storefront-api')
  expect(folderName('C:\\work\\site')).toBe('site')
  expect(folderName('/')).toBe('/')
})

test('a run is called as a person named it, else by the first words of its prompt', () => {
  const title = (input: string, title: string | null = null) => titleOf({ title, input })
  expect(title('\n  Fix the test\nand more')).toBe('Fix the test')
  expect(title('x'.repeat(300))).toHaveLength(201)
  expect(title('## Release 2.4\n\nPublish it')).toBe('Release 2.4')
  expect(title('- 1 thing')).toBe('1 thing')
  expect(title('#12 is open')).toBe('#12 is open')
  expect(title('list', 'What is there')).toBe('What is there')
})

describe('a moment to come', () => {
  const later = (ms: number) => new Date(now + ms).toISOString()
  const hours = 3_600_000
  test.each([
    [30_000, 'now'],
    [59 * 60_000, 'in 59 min'],
    [11 * hours, 'in 11 h'],
    [25 * hours, 'in 1 day'],
    [241 * hours, 'in 10 days']
  ])('%d ms away is %s', (ms, words) => expect(until(later(ms), now)).toBe(words))

  test('it is named as shortly as it can be told from others', () => {
    const clockOf = (time: number) => shortTimeOfDay(later(time))
    expect(upcoming(later(2 * hours), now)).toBe(clockOf(2 * hours))
    expect(upcoming(later(24 * hours), now)).toBe(`Sun ${clockOf(24 * hours)}`)
    expect(upcoming(later(240 * hours), now)).toBe(`1 Dec ${clockOf(240 * hours)}`)
    expect(upcoming(later(1200 * hours), now)).toBe(`10 Jan 2027 ${clockOf(1200 * hours)}`)
  })
})
