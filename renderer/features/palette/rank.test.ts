import { expect, test } from 'vitest'
import { best, marked, rank } from './rank.ts'

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

test('what was found is told from the rest, by the same rules', () => {
  const of = (text: string, words: string) =>
    marked(text, words)
      .map(part => (part.hit ? `[${part.text}]` : part.text))
      .join('')
  expect(of('Refund the orders', 'ref')).toBe('[Ref]und the orders')
  expect(of('Prefer refunds', 'ref')).toBe('Prefer [ref]unds')
  expect(of('Read every file', 'rdf')).toBe('[R]ea[d] every [f]ile')
  expect(of('Nothing', 'xyz')).toBe('Nothing')
  expect(of('İstanbul', 'ist')).toBe('İstanbul')
})
