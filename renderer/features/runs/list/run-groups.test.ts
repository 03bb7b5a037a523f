import { expect, test } from 'vitest'
import type { Run } from '#contract/runs/runs'
import { dayOf, groupsOf } from './run-groups.ts'

const now = Date.parse('2026-11-20T12:00:00')

function run(number: number, status: Run['status'], more: Partial<Run> = {}): Run {
  const at = new Date(now - (100 - number) * 60_000).toISOString()
  return { id: `run ${number}`, number, status, createdAt: at, statusSince: at, startedAt: null, ...more } as Run
}

const shown = (runs: Run[]) =>
  groupsOf(runs, now).map(line => (line.type === 'head' ? `${line.title} · ${line.note}` : line.run.number))

test('who needs me comes first, the one that waits longest before the others', () => {
  const runs = [
    run(9, 'SUCCEEDED'),
    run(8, 'WAITING', { statusSince: new Date(now - 60_000).toISOString() }),
    run(7, 'RUNNING', { startedAt: new Date(now - 10_000).toISOString() }),
    run(6, 'QUEUED'),
    run(5, 'WAITING', { statusSince: new Date(now - 5_000).toISOString() }),
    run(4, 'CLAIMED', { startedAt: new Date(now - 20_000).toISOString() }),
    run(3, 'QUEUED'),
    run(2, 'LOST'),
    run(1, 'FAILED', { createdAt: new Date(now - 30 * 3_600_000).toISOString() })
  ]
  expect(shown(runs)).toEqual([
    'Needs you · 2, oldest first',
    8,
    5,
    'Running · 2, longest first',
    4,
    7,
    'Queued · 2, in order',
    3,
    6,
    'Today · newest first',
    9,
    2,
    'Yesterday · newest first',
    1
  ])
})

test('a group without runs has no head', () => {
  expect(shown([])).toEqual([])
  expect(shown([run(1, 'CANCELLED')])).toEqual(['Today · newest first', 1])
})

test.each([
  ['2026-11-20T00:01:00', 'Today'],
  ['2026-11-19T23:59:00', 'Yesterday'],
  ['2026-11-12T10:00:00', 'Thu 12 Nov'],
  ['2025-11-13T10:00:00', 'Thu 13 Nov 2025']
])('%s is %s', (ts, day) => {
  expect(dayOf(ts, now).replace(',', '')).toBe(day)
})
