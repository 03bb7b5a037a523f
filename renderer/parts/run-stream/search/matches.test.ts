import { expect, test } from 'vitest'
import type { RunEvent } from '#contract/runs/events'
import { matches } from './matches.ts'

const event = (message: string, data: Record<string, unknown> = {}): RunEvent => ({
  seq: 1,
  ts: '2026-01-01T00:00:00.000Z',
  kind: 'tool_result',
  message,
  data
})

test('what an event shows is found, wherever it lies in it', () => {
  expect(matches(event('Refunds are safe'), 'refunds')).toBe(true)
  expect(matches(event('', { argument: 'src/refunds.ts' }), 'REFUNDS')).toBe(true)
  expect(matches(event('', { diff: { hunks: [{ lines: ['+const refunds = 1'] }] } }), 'refunds')).toBe(true)
})

test('what an event only carries is not', () => {
  expect(matches(event('done', { toolUseId: 'refunds', toolKind: 'refunds' }), 'refunds')).toBe(false)
})
