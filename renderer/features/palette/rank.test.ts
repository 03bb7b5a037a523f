import { expect, test } from 'vitest'
import { best, rank } from './rank.ts'

test('beginnings come before words inside, those before parts of words, letters in order last', () => {
  const of = (title: string) => rank('run 0198', 'ref', [title])
  const titles = ['Refunds API', 'Ship refunds', 'Prefer tabs', 'Read every file', 'Other']
  expect(titles.map(of)).toEqual([1, 0.9, 0.7, 0.2, 0])
})

test('an id is not searched', () => {
  expect(rank('run 0198', '0198', ['Refunds'])).toBe(0)
})

test('the best of many keep their order among equals, and without words the first count', () => {
  const things = ['other refunds', 'refunds two', 'nothing', 'refunds one']
  const of = (words: string) => best(things, words, thing => [thing], 2)
  expect(of('ref')).toEqual(['refunds two', 'refunds one'])
  expect(of(' ')).toEqual(['other refunds', 'refunds two'])
})
