import type { Actor } from '#contract/audit/audit'
import type { Domain } from '../domain/domain.ts'
import { type Duty, lateMs } from '../domain/duty.ts'

/** A wake-up later than this is taken in steps: meanwhile the time may be set. */
const longestSleepMs = 60_000
/** What failed is tried again after this time, doubled each time up to the other. */
const firstRetryMs = 1000
const longestRetryMs = 60_000
/** A duty that is due again at once, so often in a row, is not getting anywhere. */
const mostInARow = 1000

const scheduler: Actor = { kind: 'scheduler', id: 'scheduler', name: 'Scheduler', ip: null, via: 'a duty' }

/** What happened to a duty lately. */
interface Course {
  /** Its write is under way. */
  busy: boolean
  failures: number
  inARow: number
  /** By the steady clock: not before. */
  restsUntil: number
}

/**
 * One timer for all duties. Nothing wakes while nothing is due. A duty that fails or takes long holds up itself only.
 * Returns the function that stops it.
 */
export function startScheduler(domain: Domain, duties: readonly Duty[], onError: (error: unknown) => void): () => void {
  const { clock, bus, store } = domain
  const courses = new Map<Duty, Course>(
    duties.map(duty => [duty, { busy: false, failures: 0, inARow: 0, restsUntil: Number.NEGATIVE_INFINITY }])
  )
  let timer: NodeJS.Timeout | null = null
  let looking: NodeJS.Immediate | null = null
  let stopped = false

  /** What was added in one go is looked at in one go. */
  function lookSoon(): void {
    if (!stopped) looking ??= setImmediate(look)
  }

  function look(): void {
    looking = null
    if (timer) clearTimeout(timer)
    timer = null
    let next = Number.POSITIVE_INFINITY
    for (const [duty, course] of courses) if (!course.busy) next = Math.min(next, attend(duty, course))
    if (!stopped && next < Number.POSITIVE_INFINITY) timer = setTimeout(look, Math.min(next, longestSleepMs))
  }

  /** Begins what is due. Returns in how many ms to look again; infinite when something else will tell. */
  function attend(duty: Duty, course: Course): number {
    const wait = waitOf(duty, course)
    if (wait === null) {
      course.inARow = 0
      return Number.POSITIVE_INFINITY
    }
    const rest = Math.max(wait, course.restsUntil - clock.steady())
    if (rest > 0) return rest
    course.busy = true
    void fulfil(duty, course, -wait)
    return Number.POSITIVE_INFINITY
  }

  function waitOf(duty: Duty, course: Course): number | null {
    try {
      return duty.due(domain)
    } catch (error) {
      fail(course, error)
      return longestRetryMs
    }
  }

  async function fulfil(duty: Duty, course: Course, overdueMs: number): Promise<void> {
    const { late } = duty
    const isLate = late !== 'perform' && overdueMs > lateMs
    try {
      await store.writer.write(() => (isLate ? late(domain, overdueMs) : duty.perform(domain)), scheduler)
      course.failures = 0
      if (++course.inARow > mostInARow) rest(course, firstRetryMs)
    } catch (error) {
      fail(course, error)
    }
    course.busy = false
    lookSoon()
  }

  function fail(course: Course, error: unknown): void {
    rest(course, Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(course.failures, 10)))
    course.failures++
    if (!stopped) onError(error)
  }

  function rest(course: Course, ms: number): void {
    course.restsUntil = clock.steady() + ms
    course.inARow = 0
  }

  const unsubscribe = bus.subscribe('duties', '', lookSoon)
  look()
  return () => {
    stopped = true
    unsubscribe()
    if (timer) clearTimeout(timer)
    if (looking) clearImmediate(looking)
  }
}
