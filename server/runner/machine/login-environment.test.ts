import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LoginEnvironment } from './login-environment.ts'
import type { ShellReading } from './login-shell.ts'

const own = { HOME: '/home/ada', PATH: '/usr/bin', OWN: 'yes', FLOTILLA_X: '1' }
const login = { HOME: '/home/ada', PATH: '/login:/usr/bin', LOGIN: 'yes' }
const patience = { waitMs: 5000, limitsMs: [30_000, 120_000] as [number, number], pausesMs: [10_000] }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A shell that answers when a test says so. */
function setup() {
  const readings: { limitMs: number; answer(reading: ShellReading | null): void }[] = []
  const onChange = vi.fn()
  const environment = new LoginEnvironment({
    own,
    extraFolders: [],
    patience,
    read(given, limitMs) {
      expect(given).not.toHaveProperty('FLOTILLA_X')
      const answer = Promise.withResolvers<ShellReading | null>()
      readings.push({ limitMs, answer: answer.resolve })
      return answer.promise
    },
    onChange
  })
  return { environment, readings, onChange }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('the login environment', () => {
  test('is waited for, by all from one reading', async () => {
    const { environment, readings, onChange } = setup()
    const asked = Promise.all([environment.current(), environment.refresh(), environment.current()])
    readings[0]?.answer({ env: login })
    for (const env of await asked) expect(env).toMatchObject({ LOGIN: 'yes' })
    expect(readings).toHaveLength(1)
    expect(environment.problem).toBeNull()
    expect(onChange).toHaveBeenCalledOnce()
  })

  test('of a slow shell is our own at first, said so, and counts from when it is there, without a second shell', async () => {
    const { environment, readings, onChange } = setup()
    const asked = environment.current()
    await vi.advanceTimersByTimeAsync(5000)
    expect(await asked).toMatchObject({ OWN: 'yes' })
    expect(environment.problem).toMatch(/has not been ready for 5 s.*started with until it is/)
    readings[0]?.answer({ env: login })
    await settle()
    expect(await environment.current()).toMatchObject({ LOGIN: 'yes' })
    expect(environment.problem).toBeNull()
    expect(readings).toHaveLength(1)
    expect(onChange).toHaveBeenCalledTimes(2)
  })

  test('that failed is read again later with a longer limit, and not for ever', async () => {
    const { environment, readings } = setup()
    readings[0]?.answer({ problem: '/bin/x ended' })
    expect(await environment.current()).toMatchObject({ OWN: 'yes' })
    expect(environment.problem).toBe(
      'The login shell /bin/x ended. Agents get the environment that the runner was started with.'
    )
    await vi.advanceTimersByTimeAsync(10_000)
    expect(readings.map(({ limitMs }) => limitMs)).toEqual([30_000, 120_000])
    readings[1]?.answer({ problem: '/bin/x ended' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(readings).toHaveLength(2)
    void environment.refresh()
    readings[2]?.answer({ env: login })
    expect(await environment.current()).toMatchObject({ LOGIN: 'yes' })
    expect(environment.problem).toBeNull()
  })

  test('that was known stays when it cannot be read any more', async () => {
    const { environment, readings } = setup()
    readings[0]?.answer({ env: login })
    await settle()
    void environment.refresh()
    readings[1]?.answer({ problem: '/bin/x ended' })
    await settle()
    expect(await environment.current()).toMatchObject({ LOGIN: 'yes' })
    expect(environment.problem).toContain('Agents get the environment that it gave before')
  })

  test('is our own without a word for users that have no login shell', async () => {
    const { environment, readings, onChange } = setup()
    readings[0]?.answer(null)
    expect(await environment.current()).toMatchObject({ OWN: 'yes' })
    expect(environment.problem).toBeNull()
    expect(onChange).not.toHaveBeenCalled()
  })
})
