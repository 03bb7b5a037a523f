import { expect, test } from 'vitest'
import type { FlowRun } from '#contract/work/flow-runs'
import type { Flow } from '#contract/work/flows'
import { latenessWords, lookOfFlow, outcomeWords, recentWords, startWords, successOf, whyNotNow } from './flow-words.ts'

const flow = {
  status: 'active',
  isRunning: false,
  openRuns: 0,
  overlap: 'refuse',
  standing: { state: 'ready', problems: [] }
} as unknown as Flow
const blocked = { state: 'blocked', problems: [{ code: 'AGENT_PAUSED', message: 'x' }] } as Flow['standing']

test.each<[Partial<Flow>, boolean, string]>([
  [{}, false, 'Active'],
  [{ isRunning: true, openRuns: 1 }, false, 'Running'],
  [{ isRunning: true, openRuns: 1 }, true, 'Waiting for you'],
  [{ openRuns: 1 }, false, 'Starting'],
  [{ standing: blocked }, false, 'Cannot start'],
  [{ status: 'error' }, false, 'Paused by itself'],
  [{ status: 'archived' }, false, 'Archived']
])('%o, asking %s, is told as %s', (change, asks, word) => {
  expect(lookOfFlow({ ...flow, ...change }, asks).word).toBe(word)
})

test('why it is not started by hand now is said before it is tried', () => {
  expect(whyNotNow(flow)).toBeNull()
  expect(whyNotNow({ ...flow, status: 'paused' })).toMatch(/resume it first/)
  expect(whyNotNow({ ...flow, openRuns: 1 })).toMatch(/does not start beside itself/)
  expect(whyNotNow({ ...flow, openRuns: 1, overlap: 'queue' })).toBeNull()
})

test('what starts it stands in one line', () => {
  const at = (...types: string[]) => types.map(type => ({ type })) as Flow['triggers']
  expect(startWords({ schedule: null, triggers: [] })).toBe('By hand only')
  expect(startWords({ schedule: 'At 02:00', triggers: at('schedule') })).toBe('At 02:00')
  expect(startWords({ schedule: null, triggers: at('webhook', 'change', 'webhook') })).toBe(
    'A webhook; when something changes'
  )
})

test('a strip of outcomes is told in words', () => {
  expect(recentWords([], false)).toBe('It never ran')
  expect(recentWords(['completed', 'completed', 'skipped', 'failed'], true)).toBe(
    'Last 4: 2 done, 1 failed, 1 skipped; the latest failed; running now'
  )
})

test('what came of a time, why, and how late', () => {
  const tick = { reason: { code: 'DENIED', message: 'not today' }, resultSummary: 'swept', errorMessage: null }
  expect(outcomeWords({ ...tick, status: 'completed' } as FlowRun)).toBe('swept')
  expect(outcomeWords({ ...tick, status: 'skipped' } as FlowRun)).toBe('not today')
  expect(latenessWords({ lateMs: 900, missed: 0 })).toBeNull()
  expect(latenessWords({ lateMs: 65_000, missed: 0 })).toBe('1:05 late')
  expect(latenessWords({ lateMs: 65_000, missed: 12 })).toBe('stands for 12 missed times')
})

test('success counts those that ran, and takes the middle of what is known', () => {
  const tick = (status: string, durationMs: number | null, costUsd: number | null) =>
    ({ status, durationMs, costUsd }) as FlowRun
  const ticks = [
    tick('completed', 10, null),
    tick('failed', 30, 0.2),
    tick('completed', 20, 0.1),
    tick('skipped', 1, 9)
  ]
  expect(successOf(ticks)).toEqual({ done: 2, ran: 3, medianMs: 20, medianUsd: 0.2 })
  expect(successOf([])).toEqual({ done: 0, ran: 0, medianMs: null, medianUsd: null })
})
