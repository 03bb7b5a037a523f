import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Silence } from './silence.ts'
import { Stopwatch } from './stopwatch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('silence is told once, and its end when something is heard', () => {
  const tell = vi.fn()
  const silence = new Silence(tell, 5 * 60_000)
  silence.heard()
  vi.advanceTimersByTime(4 * 60_000)
  silence.heard()
  vi.advanceTimersByTime(4 * 60_000)
  expect(tell).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10 * 60_000)
  expect(tell.mock.calls).toEqual([['No output for 5 min']])
  silence.heard()
  silence.heard()
  expect(tell.mock.calls).toEqual([['No output for 5 min'], [null]])
})

test('while a person is asked, silence is not told', () => {
  const tell = vi.fn()
  const silence = new Silence(tell, 5 * 60_000)
  silence.heard()
  silence.stop()
  vi.advanceTimersByTime(60 * 60_000)
  expect(tell).not.toHaveBeenCalled()
})

test('a stopwatch counts only the time in which it runs', () => {
  const onTime = vi.fn()
  const watch = new Stopwatch(1000, onTime)
  watch.run()
  vi.advanceTimersByTime(600)
  watch.pause()
  watch.pause()
  vi.advanceTimersByTime(10_000)
  watch.run()
  watch.run()
  vi.advanceTimersByTime(399)
  expect(onTime).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onTime).toHaveBeenCalledOnce()
})
