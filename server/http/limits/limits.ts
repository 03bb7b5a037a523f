import { type Allowance, RateLimited } from '#contract/errors'
import type { Domain, Principal } from '../../domain/domain.ts'
import { cellsPerWindow, SlidingWindow } from './sliding-window.ts'

/** Subjects remembered for each limit; the one idle for longest is forgotten first. */
const maxTracked = 10_000
/** What is counted over a longer time than this survives a restart. */
const forgettableMs = 60_000

/** So many requests in a window that slides with the time. */
export interface Limit {
  /** Names it in settings and in the store. */
  id: string
  requests: number
  windowMs: number
  /** `address`: of the client, before it is known who calls; `credential`: of who calls. */
  by: 'address' | 'credential'
  /** What is counted, in words; requests, where it is not there. */
  what?: string
  /** Only what lies under this path; all, where it is not there. */
  under?: string
  /** Kinds of callers that are not counted. */
  spares?: readonly Principal['kind'][]
}

export const minute = 60_000
export const quarterHour = 15 * minute
export const day = 24 * 60 * minute

const spans: ReadonlyMap<number, string> = new Map([
  [minute, 'a minute'],
  [day, 'a day']
])

export interface Limiter {
  /**
   * Counts a request of a subject under each of the limits, or under none: throws RateLimited. Returns what is left of the
   * one that is nearest to its end; null: nothing is limited.
   */
  take(limits: readonly Limit[], subject: string): Allowance | null
  /** Throws RateLimited where one more request would be too many; counts nothing. */
  check(limits: readonly Limit[], subject: string): void
  /** Subjects remembered, over all limits. */
  tracked(): number
}

/** Limits with the number of requests that settings give them; 0 lifts one. */
export function inForce(limits: readonly Limit[], settings: Readonly<Record<string, number>>): Limit[] {
  return limits
    .map(limit => ({ ...limit, requests: settings[limit.id] ?? limit.requests }))
    .filter(({ requests }) => requests > 0)
}

/** `settings` replaces the number of requests of limits, by their id; 0 lifts one. */
export function createLimiter(
  { store, clock }: Pick<Domain, 'store' | 'clock'>,
  settings: Readonly<Record<string, number>>
): Limiter {
  const byLimit = new Map<string, Map<string, SlidingWindow>>()

  function windowsOf(limit: Limit): Map<string, SlidingWindow> {
    const known = byLimit.get(limit.id)
    if (known) return known
    const windows = isKept(limit) ? stored(limit) : new Map<string, SlidingWindow>()
    byLimit.set(limit.id, windows)
    return windows
  }

  function stored(limit: Limit): Map<string, SlidingWindow> {
    const windows = new Map<string, SlidingWindow>()
    const oldest = new SlidingWindow(limit.windowMs).cellAt(clock.now()) - cellsPerWindow
    for (const { subject, cell, count } of store.limits.since(limit.id, oldest)) {
      const window = windows.get(subject) ?? new SlidingWindow(limit.windowMs)
      window.add(cell, count)
      windows.set(subject, window)
    }
    return windows
  }

  function windowOf(limit: Limit, subject: string): SlidingWindow {
    const windows = windowsOf(limit)
    const window = windows.get(subject) ?? new SlidingWindow(limit.windowMs)
    windows.delete(subject)
    windows.set(subject, window)
    if (windows.size > maxTracked) forgetOldest(limit, windows)
    return window
  }

  function forgetOldest(limit: Limit, windows: Map<string, SlidingWindow>): void {
    const subject = windows.keys().next().value ?? ''
    windows.delete(subject)
    if (isKept(limit)) keep(() => store.limits.forget(limit.id, subject))
  }

  /** A count that could not be written is one that a restart forgives. */
  function keep(job: () => unknown): void {
    void store.writer.write(job).catch(() => undefined)
  }

  function count(limit: Limit, subject: string, window: SlidingWindow, now: number): void {
    const cell = window.cellAt(now)
    window.add(cell, 1)
    if (!isKept(limit)) return
    keep(() => {
      store.limits.prune(limit.id, cell - cellsPerWindow)
      store.limits.add(limit.id, subject, cell)
    })
  }

  function requireRoom(limits: readonly Limit[], subject: string, now: number) {
    const counted = inForce(limits, settings).map(limit => ({ limit, window: windowOf(limit, subject) }))
    for (const { limit, window } of counted) {
      const waitMs = window.waitFor(limit.requests, now)
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000)
        const allowance = { requests: limit.requests, remaining: 0, resetAt: now + seconds * 1000 }
        throw new RateLimited(`More than ${inWords(limit)}`, seconds, allowance)
      }
    }
    return counted
  }

  return {
    check: (limits, subject) => void requireRoom(limits, subject, clock.now()),
    take(limits, subject) {
      const now = clock.now()
      const counted = requireRoom(limits, subject, now)
      for (const { limit, window } of counted) count(limit, subject, window, now)
      const left = counted.map(({ limit, window }) => allowanceOf(limit, window, now))
      return left.sort((one, other) => one.remaining - other.remaining)[0] ?? null
    },
    tracked: () => [...byLimit.values()].reduce((sum, windows) => sum + windows.size, 0)
  }
}

function allowanceOf({ requests, windowMs }: Limit, window: SlidingWindow, now: number): Allowance {
  return { requests, remaining: requests - window.usedAt(now), resetAt: now + windowMs }
}

function isKept(limit: Limit): boolean {
  return limit.windowMs > forgettableMs
}

function inWords({ requests, windowMs, what = 'requests' }: Limit): string {
  return `${requests} ${what} in ${spans.get(windowMs) ?? `${windowMs / minute} minutes`}`
}
