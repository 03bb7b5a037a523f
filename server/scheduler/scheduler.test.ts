import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../domain/clock.ts'
import type { Domain } from '../domain/domain.ts'
import type { Duty } from '../domain/duty.ts'
import { startScheduler } from './scheduler.ts'

const hour = 3_600_000
let stop = () => {}
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date', 'performance'] })
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

/** The scheduler with the clock and timers of the test; each write waits for `gate`. */
function start(duties: readonly Duty[], gate: (job: () => unknown) => Promise<void> = async () => {}) {
  const listeners = new Set<() => void>()
  const bus = {
    subscribe(_topic: string, _scope: string, listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
  const errors: string[] = []
  let writes = 0
  async function write(job: () => unknown): Promise<void> {
    writes++
    await gate(job)
    job()
  }
  const domain = { clock: systemClock, bus, store: { writer: { write } } } as unknown as Domain
  stop = startScheduler(domain, duties, error => errors.push(String(error)))
  function wake(): void {
    for (const tell of listeners) tell()
  }
  return { wake, errors, writes: () => writes }
}

/** Due once at a time of the given clock; tells what became of it. */
function once(at: number, clock: 'now' | 'steady', late?: Duty['late']) {
  const done: string[] = []
  const duty: Duty = {
    due: () => (done.length > 0 ? null : at - systemClock[clock]()),
    perform: () => void done.push('performed'),
    late: late ?? (() => void done.push('late'))
  }
  return { duty, done }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('a duty', () => {
  test('is performed when it is due, not before, and once', async () => {
    const { duty, done } = once(systemClock.steady() + 5000, 'steady')
    const { writes } = start([duty])
    await pass(4999)
    expect(done).toEqual([])
    await pass(2)
    expect(done).toEqual(['performed'])
    await pass(hour)
    expect(writes()).toBe(1)
  })

  test('that was added later is found when somebody says so', async () => {
    let at: number | null = null
    const done: number[] = []
    const duty: Duty = {
      due: () => at,
      perform: () => {
        at = null
        done.push(Date.now())
      },
      late: 'perform'
    }
    const { wake } = start([duty])
    await pass(hour)
    at = 0
    wake()
    await pass(1)
    expect(done).toHaveLength(1)
  })

  test('by the steady clock does not care for the time of day, which may be set both ways', async () => {
    for (const jump of [8 * hour, -8 * hour]) {
      const { duty, done } = once(systemClock.steady() + 30_000, 'steady')
      start([duty])
      vi.setSystemTime(Date.now() + jump)
      await pass(29_000)
      expect(done).toEqual([])
      await pass(2000)
      expect(done).toEqual(['performed'])
      stop()
    }
  })

  test('by the time of day is late by its own rule when the time was set on', async () => {
    const { duty, done } = once(Date.now() + hour, 'now')
    start([duty])
    vi.setSystemTime(Date.now() + 2 * hour)
    await pass(60_000)
    expect(done).toEqual(['late'])
  })

  test('by the time of day waits for it again when the time was set back', async () => {
    const { duty, done } = once(Date.now() + hour, 'now')
    start([duty])
    await pass(hour - 60_000)
    vi.setSystemTime(Date.now() - hour)
    await pass(hour)
    expect(done).toEqual([])
    await pass(60_000)
    expect(done).toEqual(['performed'])
  })

  test('is told by how much it is late after a sleep, and not asked again as long as it is not due', async () => {
    const told: number[] = []
    let at = Date.now() + 1000
    const duty: Duty = {
      due: () => at - Date.now(),
      perform: () => void told.push(0),
      late: (_, byMs) => {
        told.push(byMs)
        at = Date.now() + hour
      }
    }
    const { writes } = start([duty])
    vi.setSystemTime(Date.now() + 3 * hour)
    await pass(1000)
    expect(told).toEqual([3 * hour])
    await pass(10_000)
    expect(writes()).toBe(1)
  })

  test('for which being late means nothing is performed', async () => {
    const { duty, done } = once(Date.now() + 1000, 'now', 'perform')
    start([duty])
    vi.setSystemTime(Date.now() + hour)
    await pass(1000)
    expect(done).toEqual(['performed'])
  })
})

describe('of many duties', () => {
  test('ten thousand are each performed at their time, by one timer', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => once(systemClock.steady() + (n % 100) * 1000, 'steady'))
    start(many.map(({ duty }) => duty))
    await pass(1)
    expect(vi.getTimerCount()).toBe(1)
    await pass(49_500)
    expect(many.filter(({ done }) => done.length > 0)).toHaveLength(5000)
    await pass(60_000)
    expect(many.every(({ done }) => done.join() === 'performed')).toBe(true)
  })

  test.each([
    ['in what it does', { due: () => 0, perform: fails, late: 'perform' }],
    ['in its lateness', { due: () => -hour, perform: () => {}, late: fails }],
    ['in telling when it is due', { due: fails, perform: () => {}, late: 'perform' }]
  ] as [string, Duty][])(
    'one that throws %s holds up no other, and is tried again less and less often',
    async (_, bad) => {
      const { duty, done } = once(systemClock.steady() + 10_000, 'steady')
      const { errors } = start([bad, duty])
      await pass(11_000)
      expect(done).toEqual(['performed'])
      expect(errors.length).toBeGreaterThan(0)
      const before = errors.length
      await pass(hour)
      expect(errors.length - before).toBeGreaterThan(20)
      expect(errors.length - before).toBeLessThan(80)
    }
  )

  test('one that is slow holds up no other, and is not begun a second time', async () => {
    let begun = 0
    const open = Promise.withResolvers<void>()
    const slow: Duty = { due: () => 0, perform: () => {}, late: 'perform' }
    const { duty, done } = once(systemClock.steady() + 1000, 'steady')
    const isSlow = { ...slow, perform: () => void begun++ }
    let first = true
    start([isSlow, duty], async () => {
      if (!first) return
      first = false
      await open.promise
    })
    await pass(hour)
    expect(done).toEqual(['performed'])
    expect(begun).toBe(0)
    open.resolve()
    await pass(0)
    expect(begun).toBeGreaterThan(0)
  })

  test('one that is always due again does not take all there is', async () => {
    const { writes } = start([{ due: () => 0, perform: () => {}, late: 'perform' }])
    await pass(10_000)
    expect(writes()).toBeLessThan(20_000)
  })
})

function fails(): never {
  throw new Error('no')
}
