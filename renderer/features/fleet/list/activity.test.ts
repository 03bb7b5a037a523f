import { expect, test } from 'vitest'
import type { Activity } from '#contract/fleet/activity'
import type { Run } from '#contract/runs/runs'
import { busyOf, keptBusy } from './activity.ts'

const minute = 60_000
const at = (clock: string) => `2026-11-30T${clock}:00.000Z`
const run = (startedAt: string | null, endedAt: string | null = null) =>
  ({ agentId: 'a', startedAt: startedAt && at(startedAt), endedAt: endedAt && at(endedAt) }) as Run
const none: Activity = { from: at('00:00'), at: at('11:30'), data: [] }
const some: Activity = { ...none, data: [{ agentId: 'a', busyMs: [5 * minute, ...Array(10).fill(0), 20 * minute] }] }

const minutes = (activity: Activity, runs: readonly Run[], now: string) =>
  busyOf(activity, runs, Date.parse(at(now)))
    .get('a')
    ?.map(ms => ms / minute)

test('what the server counted stays, and only what came after it is added', () => {
  const zeros = Array(10).fill(0)
  expect(minutes(some, [run('11:10', '11:25')], '11:40')).toEqual([5, ...zeros, 20])
  expect(minutes(some, [run('11:10', '11:35')], '11:40')).toEqual([5, ...zeros, 25])
  expect(minutes(some, [run('11:10'), run('11:35'), run(null)], '11:40')).toEqual([5, ...zeros, 35])
})

test('a run that goes on fills the hours that pass, and the oldest hour goes', () => {
  expect(minutes(some, [run('11:10')], '12:15')).toEqual([...Array(10).fill(0), 50, 15])
  expect(minutes(none, [run('11:45', '12:05')], '13:00')).toEqual([...Array(9).fill(0), 0, 15, 5, 0].slice(-12))
})

test('a window whose clock is behind counts from the moment of the figures', () => {
  expect(minutes(some, [run('11:10')], '09:00')).toEqual([5, ...Array(10).fill(0), 20])
})

test('after a night away nothing of what was is left', () => {
  expect(minutes(some, [], '22:59')?.at(0)).toBe(20)
  expect(busyOf(some, [], Date.parse('2026-12-02T00:00:00Z')).get('a')).toEqual(Array(12).fill(0))
})

test('figures that are as before are the same ones', () => {
  const before = busyOf(some, [], Date.parse(at('11:31')))
  const later = (runs: readonly Run[]) => keptBusy(before, busyOf(some, runs, Date.parse(at('11:35')))).get('a')
  expect(later([])).toBe(before.get('a'))
  expect(later([run('11:32')])?.at(-1)).toBe(23 * minute)
})
