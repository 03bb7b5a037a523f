import { expect, test } from 'vitest'
import { rank } from './rank.ts'

test('beginnings come before words inside, those before parts of words, letters in order last', () => {
  const of = (title: string) => rank('run 0198', 'ref', [title])
  const titles = ['Refunds API', 'Ship refunds', 'Prefer tabs', 'Read every file', 'Other']
  expect(titles.map(of)).toEqual([1, 0.9, 0.7, 0.2, 0])
})

test('an id is not searched', () => {
  expect(rank('run 0198', '0198', ['Refunds'])).toBe(0)
})
