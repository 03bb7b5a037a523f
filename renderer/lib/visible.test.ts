import { describe, expect, test } from 'vitest'
import { isolated, readable, visible } from './visible.ts'

describe('what is judged', () => {
  test('marks that turn text around are spelt out', () => {
    expect(visible('rm \u202egpj.x')).toBe('rm ⟨U+202E⟩gpj.x')
  })

  test('control codes and invisible spaces are spelt out', () => {
    expect(visible('a\u0007b\u200bc\u001b[31m')).toBe('a⟨U+0007⟩b⟨U+200B⟩c⟨U+001B⟩[31m')
  })

  test('lines, tabs and other languages stay as they are', () => {
    expect(visible('één\tשלום\r\n日本 👩‍🚀')).toBe('één\tשלום\n日本 👩‍🚀')
  })
})

describe('what is only read', () => {
  test.each(['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'])(
    'U+%# of those that reach beyond their word is spelt out',
    mark => expect(readable(`a${mark}b`)).toMatch(/^a⟨U\+20[26][0-9A-E]⟩b$/)
  )

  test('a mark that a language needs stays', () => {
    expect(readable('שלום\u200f!')).toBe('שלום\u200f!')
  })

  test('in a string its direction ends with it', () => {
    expect(isolated('שלום\u202e')).toBe('\u2068שלום⟨U+202E⟩\u2069')
  })
})
