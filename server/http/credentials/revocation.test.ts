import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../domain/clock.ts'
import type { Domain, Principal } from '../../domain/domain.ts'
import { createBus } from '../../realtime/bus.ts'
import { onceWorthLess } from './revocation.ts'

const hour = 3_600_000
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A key that ends after an hour by the time of day, and what is open under it. */
function open() {
  const expires_at = Date.now() + hour
  const bus = createBus()
  let row: object | undefined = { id: 'k', user_id: 'u', name: '', scopes: '[]', user_role: 'member', expires_at }
  const keys = { byIdLive: () => row }
  const domain = { bus, clock: systemClock, store: { keys } } as unknown as Domain
  const principal: Principal = {
    kind: 'key',
    id: 'key:k',
    name: '',
    scopes: [],
    user: { id: 'u', role: 'member' },
    expiresAt: expires_at
  }
  const end = vi.fn()
  const stop = onceWorthLess(domain, principal, end)
  return { bus, end, stop, remove: () => (row = undefined) }
}

test('what is open ends when the time of its key is over, and not before', () => {
  const { end } = open()
  vi.advanceTimersByTime(hour - 1)
  expect(end).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(end).toHaveBeenCalledTimes(1)
})

test('it ends soon after a sleep that the key did not outlast, though timers stood still', () => {
  const { end } = open()
  vi.setSystemTime(Date.now() + 2 * hour)
  vi.advanceTimersByTime(60_000)
  expect(end).toHaveBeenCalledTimes(1)
})

test('it stays while the time is set back', () => {
  const { end } = open()
  vi.setSystemTime(Date.now() - 8 * hour)
  vi.advanceTimersByTime(2 * hour)
  expect(end).not.toHaveBeenCalled()
})

test('it ends when a key is gone of which nobody said so', () => {
  const { end, remove } = open()
  remove()
  vi.advanceTimersByTime(60_000)
  expect(end).toHaveBeenCalledTimes(1)
})

test.each(['key:k', 'u'])('it ends at once when %s is revoked, and then nothing is left', scope => {
  const { bus, end } = open()
  bus.publish('revoked', scope, null)
  bus.publish('revoked', scope, null)
  expect([end.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
})
