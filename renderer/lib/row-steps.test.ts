import { expect, test } from 'vitest'
import { stepOf } from './row-steps.ts'

const steps = (shape: Parameters<typeof stepOf>[2]) =>
  ['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'PageDown', 'PageUp', 'Home', 'End', 'a'].map(key =>
    stepOf(key, 30, shape)
  )

test('arrows go from row to row, pages further, Home and End to the ends', () => {
  expect(steps({ page: 12 })).toEqual([1, -1, undefined, undefined, 12, -12, -30, 30, undefined])
})

test('among cards the arrows go beside, above and below', () => {
  expect(steps({ columns: 4 })).toEqual([4, -4, 1, -1, undefined, undefined, -30, 30, undefined])
  expect(steps({ columns: 1 })).toEqual([1, -1, 1, -1, undefined, undefined, -30, 30, undefined])
})
