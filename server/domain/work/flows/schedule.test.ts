import { CronExpressionParser } from 'cron-parser'
import { describe, expect, test } from 'vitest'
import { inWords, localTime, nextAfter, nextTimes, offsetMinutes, passed, requireSchedule } from './schedule.ts'

const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'America/Santiago', 'Pacific/Auckland', 'Asia/Kolkata']
/** Clocks are changed on Sundays: what is often comes on few days, so that two years take no time. */
const expressions = [
  '*/15 4 * * 1',
  '*/20 2 * * 0',
  '0 */8 * * 6,0',
  '30 7 * * 1',
  '30 1 * * 0,3',
  '30 2 * * *',
  '0 0 * * 0,1',
  '59 23 31 12 *',
  '0 0 29 2 *',
  '0 0 13 * 5',
  '5,35 1-3 * * 0',
  '0 12 1,15 * *'
]
const start = Date.parse('2027-01-01T00:00:00Z')
const end = Date.parse('2029-01-01T00:00:00Z')
const hour = 3_600_000

function ours(cron: string, timezone: string): number[] {
  const times: number[] = []
  for (let at = nextAfter({ cron, timezone }, start); at !== null && at < end; at = nextAfter({ cron, timezone }, at))
    times.push(at)
  return times
}

function theirs(cron: string, timezone: string): number[] {
  const times: number[] = []
  const dates = CronExpressionParser.parse(cron, { tz: timezone, currentDate: new Date(start) })
  for (let at = dates.next().getTime(); at < end; at = dates.next().getTime()) times.push(at)
  return times
}

/** Clocks are changed within three hours of it. */
function isAtChange(time: number, timezone: string): boolean {
  return offsetMinutes(time - 3 * hour, timezone) !== offsetMinutes(time + 3 * hour, timezone)
}

describe.each(zones)('in %s', timezone => {
  test.each(expressions)('%s comes when another reader of cron says, over two years', cron => {
    const [own, other] = [ours(cron, timezone), theirs(cron, timezone)]
    const [ownSet, otherSet] = [new Set(own), new Set(other)]
    const differing = [...own.filter(time => !otherSet.has(time)), ...other.filter(time => !ownSet.has(time))]
    // What the clocks leave out is made up for: at the first moment after, or as much later as was left out.
    expect(differing.filter(time => !isAtChange(time, timezone))).toEqual([])
    expect(differing.length).toBeLessThanOrEqual(24)
    expect(own.length).toBeGreaterThan(0)
  })
})

describe('on a night on which clocks are changed', () => {
  const timezone = 'Europe/Paris'
  const local = (cron: string, from: string, count: number) =>
    nextTimes({ cron, timezone }, Date.parse(from), count).map(time => localTime(time, timezone))

  test('a time that is left out comes at the first moment after it, once', () => {
    expect(local('30 2 * * *', '2027-03-27T12:00:00Z', 2)).toEqual([
      '2027-03-28T03:00:00+02:00',
      '2027-03-29T02:30:00+02:00'
    ])
  })
  test('a time that comes twice is taken once', () => {
    expect(local('30 2 * * *', '2027-10-30T12:00:00Z', 2)).toEqual([
      '2027-10-31T02:30:00+02:00',
      '2027-11-01T02:30:00+01:00'
    ])
  })
  test('what comes every so many minutes goes on doing so', () => {
    const times = nextTimes({ cron: '*/30 * * * *', timezone }, Date.parse('2027-10-30T23:00:00Z'), 8)
    expect(times.map((time, n) => time - (times[n - 1] ?? time - 1_800_000))).toEqual(Array(8).fill(1_800_000))
  })
})

describe('what cannot be a schedule is refused in words', () => {
  const fault = (cron: string, timezone = 'Europe/Paris') => {
    try {
      requireSchedule({ cron, timezone }, 'triggers.0.', start)
      return null
    } catch (error) {
      return (error as Error).message
    }
  }
  test.each([
    ['0 0 31 2 *', 'triggers.0.cron: "0 0 31 2 *" never comes'],
    ['* * * * * *', 'without seconds'],
    ['* * * *', 'five fields are expected (minute, hour, day of month, month, day of week), there are 4'],
    ['61 * * * *', 'the minute "61" is not possible: 0 to 59'],
    ['0 25 * * *', 'the hour "25" is not possible'],
    ['0 0 32 * *', 'the day of month "32" is not possible'],
    ['0 0 * 13 *', 'the month "13" is not possible'],
    ['0 0 * * 8', 'the day of week "8" is not possible'],
    ['*/0 * * * *', 'the minute "*/0" is not possible'],
    ['a b c d e', 'the minute "a" is not possible'],
    ['@sometimes', '"@sometimes" is not known'],
    ['', 'five fields are expected']
  ])('%s', (cron, words) => expect(fault(cron)).toContain(words))

  test('a zone that is none', () => {
    expect(fault('0 0 * * *', 'Mars/Olympus')).toContain('triggers.0.timezone: "Mars/Olympus" is no time zone')
  })
  test.each(['0 0 29 2 *', '0 12 L * *', '@daily', '0 9 * * MON#1', '*/5 8-18 * JAN-MAR MON-FRI'])(
    '%s is none of them',
    cron => expect(fault(cron)).toBeNull()
  )
})

describe('what passed', () => {
  const every = { cron: '0 * * * *', timezone: 'UTC' }
  test('is told one by one, from the one that was due', () => {
    expect(passed(every, start, start + 3 * hour)).toEqual({
      times: [0, 1, 2, 3].map(n => start + n * hour),
      first: start,
      more: false
    })
  })
  test('is the last few of very many, and it is said that there are more', () => {
    const { times, first, more } = passed(every, start, start + 1000.5 * hour)
    expect({ first, more, last: times.at(-1), count: times.length }).toEqual({
      first: start,
      more: true,
      last: start + 1000 * hour,
      count: 21
    })
    expect([...times].sort((a, b) => a - b)).toEqual(times)
  })
})

test('a schedule is said in words', () => {
  expect(inWords({ cron: '30 7 * * 1-5' })).toBe('At 07:30, Monday through Friday')
  expect(inWords({ cron: '@daily' })).toBe('At 00:00')
})
