import { expect, test } from 'vitest'
import { namedEvery, scaleOf } from './chart-scale.ts'

test('the axis holds the largest value and its lines are round', () => {
  expect(scaleOf(39.3)).toEqual({ top: 40, step: 10 })
  expect(scaleOf(0.03).step).toBeCloseTo(0.01)
  expect(scaleOf(0)).toEqual({ top: 1, step: 0.5 })
  for (const value of [0.001, 0.7, 1, 9.99, 41, 1234, 1e6]) expect(scaleOf(value).top).toBeGreaterThanOrEqual(value)
})

test('names of days never stand closer than they are wide', () => {
  for (const [days, width] of [
    [30, 1100],
    [30, 330],
    [366, 330],
    [1, 300]
  ] as const)
    expect((namedEvery(days, width) * width) / days).toBeGreaterThanOrEqual(Math.min(64, width))
})
