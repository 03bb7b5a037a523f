import { expect, test } from 'vitest'
import { jsonOf } from './json-view.tsx'

test('only an object or a list that is whole is shown as a tree', () => {
  expect(jsonOf(' {"a": 1}')).toEqual({ a: 1 })
  expect(jsonOf('[1]')).toEqual([1])
  expect(['"a"', '12', '{"a": 1', 'text {"a": 1}', ''].map(jsonOf)).toEqual(Array(5).fill(undefined))
  expect(jsonOf(`[${'1,'.repeat(150_000)}1]`)).toBeUndefined()
})
