import { describe, expect, test } from 'vitest'
import { estimate, medianOf, quantile } from './statistics.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('an estimate', () => {
  test('of an even number of values has its median between the middle two', () => {
    expect(medianOf([4, 1, 3, 2])).toBe(2.5)
  })

  // The narrowest pair of ranks whose coverage reaches 90 %, as tables of the binomial distribution have it.
  test.each([
    [5, 1, 5],
    [8, 2, 7],
    [15, 4, 12],
    [20, 6, 15],
    [25, 8, 18]
  ])('of %i values reaches from the %ith to the %ith', (count, low, high) => {
    expect(estimate(upTo(count).reverse())).toMatchObject({ low, high })
  })

  test('of too few values is as wide as they are', () => {
    expect(estimate([2, 1, 3])).toEqual({ median: 2, low: 1, high: 3 })
  })

  test('of none is refused', () => {
    expect(() => estimate([])).toThrow('nothing to measure by')
  })
})

test('a quantile lies on the line between two values', () => {
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9)
})
