import { describe, expect, test } from 'vitest'
import { mentionAt, mentionOf } from './mention.ts'

const at = (text: string) => mentionAt(text.replace('|', ''), text.indexOf('|'))

describe('what is being typed', () => {
  test.each([
    ['@|', { sign: '@', start: 0, query: '' }],
    ['look at @src/ru|', { sign: '@', start: 8, query: 'src/ru' }],
    ['(@a|)', { sign: '@', start: 1, query: 'a' }],
    ['one\n@b|', { sign: '@', start: 4, query: 'b' }],
    ['@sr|c/main.ts', { sign: '@', start: 0, query: 'sr' }],
    ['/|', { sign: '/', start: 0, query: '' }],
    ['  /com|', { sign: '/', start: 2, query: 'com' }]
  ])('%s', (text, mention) => expect(at(text)).toEqual(mention))

  test.each(['', '|', 'mail me at a@b.de|', '@src |', 'then /compact|', '/compact now|', 'a/b|'])('nothing: %s', text =>
    expect(at(text)).toBeNull()
  )

  test('a word without end is looked at no further than a name is long', () => {
    expect(at(`@${'a'.repeat(100_000)}|`)).toBeNull()
    expect(at(`${'@'.repeat(100_000)}|`)).toBeNull()
  })
})

test('a path is written so that it ends where it ends', () => {
  expect(mentionOf('src/main.ts')).toBe('@src/main.ts ')
  expect(mentionOf('my notes.md')).toBe('@"my notes.md" ')
  expect(mentionOf('src/')).toBe('@src/')
})
