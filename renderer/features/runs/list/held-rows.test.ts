import { expect, test } from 'vitest'
import type { Run } from '#contract/runs/runs'
import { heldLines } from './held-rows.ts'
import type { Line } from './run-groups.ts'

const run = (number: number, status = 'RUNNING'): Line => ({
  type: 'run',
  id: `r${number}`,
  run: { id: `r${number}`, number, status } as Run
})
const head = (id: string, note = ''): Line => ({ type: 'head', id, title: id, note })
const none = () => undefined
const shown = (lines: readonly Line[]) => lines.map(line => (line.type === 'run' ? line.run.number : line.id))

test('lines that are not held are the groups as they come', () => {
  expect(heldLines([head('Today'), run(2), run(1)], null, none)).toEqual({
    lines: [head('Today'), run(2), run(1)],
    fresh: 0
  })
})

test('held lines keep their order and show what each run is now; new ones are counted', () => {
  const { lines, fresh } = heldLines(
    [head('needs'), run(4, 'WAITING'), head('Today', '2'), run(3), run(2, 'FAILED'), run(1)],
    [head('Today', '1'), run(2), run(1)],
    none
  )
  expect(lines).toEqual([head('Today', '2'), run(2, 'FAILED'), run(1)])
  expect(fresh).toBe(2)
})

test('a run that changes its group stays where it stood', () => {
  const { lines, fresh } = heldLines(
    [head('needs'), run(1, 'WAITING'), head('running'), run(2)],
    [head('running'), run(1), run(2)],
    none
  )
  expect(lines).toEqual([head('running'), run(1, 'WAITING'), run(2)])
  expect(fresh).toBe(0)
})

test('a run that left the filter stays where it was, and older ones may follow with the head of their day', () => {
  const { lines, fresh } = heldLines(
    [head('Today'), run(5), run(3), head('Yesterday'), run(2)],
    [head('Today'), run(4), run(3)],
    id => (id === 'r4' ? ({ id: 'r4', number: 4, status: 'SUCCEEDED' } as Run) : undefined)
  )
  expect(shown(lines)).toEqual(['Today', 4, 3, 'Yesterday', 2])
  expect(lines[1]).toMatchObject({ run: { status: 'SUCCEEDED' } })
  expect(fresh).toBe(1)
})
