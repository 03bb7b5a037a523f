import { expect, test } from 'vitest'
import type { Run } from '#contract/runs/runs'
import { heldRows } from './held-rows.ts'

const run = (number: number, status = 'RUNNING') => ({ id: `r${number}`, number, status }) as Run
const none = () => undefined
const numbers = (rows: readonly Run[]) => rows.map(one => one.number)

test('rows that are not held are the runs as they come', () => {
  expect(heldRows([run(2), run(1)], null, none)).toEqual({ rows: [run(2), run(1)], fresh: 0 })
})

test('held rows keep their order and show what each run is now; new ones are counted', () => {
  const { rows, fresh } = heldRows([run(4), run(3), run(2, 'FAILED'), run(1)], [run(2), run(1)], none)
  expect(rows).toEqual([run(2, 'FAILED'), run(1)])
  expect(fresh).toBe(2)
})

test('a run that left the filter stays where it was, and older ones may follow', () => {
  const { rows, fresh } = heldRows([run(5), run(3), run(2)], [run(4), run(3)], id =>
    id === 'r4' ? run(4, 'SUCCEEDED') : undefined
  )
  expect(numbers(rows)).toEqual([4, 3, 2])
  expect(rows[0]?.status).toBe('SUCCEEDED')
  expect(fresh).toBe(1)
})
