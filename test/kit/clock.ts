import type { Clock } from '../../server/domain/clock.ts'

export interface TestClock extends Clock {
  /** Time passes. */
  advance(ms: number): void
  /** The time of day is set, by so much, forward or back. */
  set(byMs: number): void
}

/** A clock that stands until it is moved. */
export function testClock(start = Date.parse('2026-01-01T00:00:00Z')): TestClock {
  let time = start
  let steady = 0
  return {
    now: () => time,
    steady: () => steady,
    advance(ms) {
      time += ms
      steady += ms
    },
    set(byMs) {
      time += byMs
    }
  }
}
