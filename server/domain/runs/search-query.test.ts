import { expect, test } from 'vitest'
import type { AppError } from '#contract/errors'
import { parseQuery } from './search-query.ts'

test.each([
  ['claim the key', [['claim'], ['the'], ['key']], []],
  ['"idempotency key" claim -draft', [['idempotency key'], ['claim']], ['draft']],
  ['claim OR lock OR "hold on" now', [['claim', 'lock', 'hold on'], ['now']], []],
  ['-"not this" that', [['that']], ['not this']],
  ['OR claim OR', [['claim']], []],
  ['"never closed', [['never closed']], []],
  ['src/keys.ts:12 AND C++', [['src/keys.ts:12'], ['C++']], []],
  ['a"b c"d', [['a'], ['b c'], ['d']], []],
  ['NEAR(a b) {user}:* ^x', [['NEAR(a'], ['b)'], ['{user}:*'], ['^x']], []]
])('%s', (text, required, excluded) => {
  expect(parseQuery(text)).toEqual({ required, excluded })
})

const said = (text: string) => {
  try {
    parseQuery(text)
  } catch (error) {
    return (error as AppError).message
  }
  return null
}

test.each([
  ['', 'q: say a word or a "phrase" to look for; signs alone are not found'],
  ['"" OR - * "-"', 'q: say a word or a "phrase" to look for; signs alone are not found'],
  ['-draft -"no more"', 'q: say also what should be there, besides what should not'],
  [
    'word '.repeat(10_000),
    'q: at most 32 words and phrases can be looked for at once, and these are 10,000; leave some out'
  ]
])('what cannot be looked for is refused in words', (text, words) => {
  expect(said(text)).toBe(words)
})
