export interface TestClock {
  now(): number
  advance(ms: number): void
}

/** A clock that stands until it is moved. */
export function testClock(start = Date.parse('2026-01-01T00:00:00Z')): TestClock {
  let time = start
  return {
    now: () => time,
    advance(ms) {
      time += ms
    }
  }
}
