import { expect, test } from 'vitest'
import { createLaunchLimit, runCapacity } from './launch-limit.ts'

const never = new AbortController().signal

test('as many as there are slots start, the next when one is up', async () => {
  const limit = createLaunchLimit(2)
  const leave = await limit.enter(never)
  await limit.enter(never)
  let third = false
  const waiting = limit.enter(never).then(() => {
    third = true
  })
  await Promise.resolve()
  expect(third).toBe(false)
  leave()
  leave()
  await waiting
  let fourth = false
  void limit.enter(never).then(() => {
    fourth = true
  })
  await Promise.resolve()
  expect(fourth).toBe(false)
})

test('who gives up while waiting takes no slot', async () => {
  const limit = createLaunchLimit(1)
  const leave = await limit.enter(never)
  const abort = new AbortController()
  const gaveUp = limit.enter(abort.signal)
  abort.abort(new Error('stopped'))
  await expect(gaveUp).rejects.toThrow('stopped')
  leave()
  await limit.enter(never)
})

test('runs at a time follow the memory, within bounds', () => {
  const gib = 1024 ** 3
  expect(runCapacity(0.25 * gib)).toBe(1)
  expect(runCapacity(8 * gib)).toBe(17)
  expect(runCapacity(1024 * gib)).toBe(64)
})
