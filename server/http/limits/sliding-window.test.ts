import { expect, test } from 'vitest'
import { SlidingWindow } from './sliding-window.ts'

const minute = 60_000
const start = 1_700_000_000_000

function take(window: SlidingWindow, limit: number, now: number): boolean {
  if (window.waitFor(limit, now) > 0) return false
  window.add(window.cellAt(now), 1)
  return true
}

function takeAll(window: SlidingWindow, limit: number, now: number): number {
  for (let taken = 0; ; taken++) if (!take(window, limit, now)) return taken
}

test('a burst gets the limit, and nothing more until it leaves the window', () => {
  const window = new SlidingWindow(minute)
  expect(takeAll(window, 60, start)).toBe(60)
  expect(take(window, 60, start + 59_000)).toBe(false)
  expect(take(window, 60, start + minute)).toBe(true)
})

test('no window of its length holds more than the limit, wherever it begins', () => {
  const window = new SlidingWindow(minute)
  const times: number[] = []
  for (let now = start; now < start + 5 * minute; now += 130) if (take(window, 100, now)) times.push(now)
  for (const begin of times) {
    const inside = times.filter(time => time >= begin && time < begin + minute).length
    // The part of the cell that leaves is taken to be spread evenly: an error of a few requests of a sixtieth.
    expect(inside).toBeLessThanOrEqual(102)
  }
  expect(times.length).toBeGreaterThan(480)
})

test('the time to wait is exact: a moment before it is too early', () => {
  const window = new SlidingWindow(minute)
  for (let n = 0; n < 10; n++) window.add(window.cellAt(start + n * 5000), 6)
  const now = start + 50_000
  const wait = window.waitFor(55, now)
  expect(window.waitFor(55, now + wait)).toBe(0)
  expect(window.waitFor(55, now + wait - 2)).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(minute)
})

test('what is used counts what is still inside, a part of one as one', () => {
  const window = new SlidingWindow(minute)
  expect(window.usedAt(start)).toBe(0)
  expect(takeAll(window, 60, start)).toBe(60)
  expect([window.usedAt(start), window.usedAt(start + 59_000)]).toEqual([60, 60])
  expect(window.usedAt(start + minute + 990)).toBe(1)
  expect(window.usedAt(start + minute + 1000)).toBe(0)
})

test('a clock that was set back keeps nobody out for longer than a window', () => {
  const window = new SlidingWindow(minute)
  expect(takeAll(window, 5, start)).toBe(5)
  expect(window.waitFor(5, start - 30_000)).toBeGreaterThan(0)
  expect(window.waitFor(5, start - 24 * 60 * minute)).toBe(0)
})
