import { expect, test } from 'vitest'
import { visible } from './visible.ts'

test('marks that turn text around are spelt out', () => {
  expect(visible('rm \u202egpj.x')).toBe('rm ⟨U+202E⟩gpj.x')
})

test('control codes and invisible spaces are spelt out', () => {
  expect(visible('a\u0007b\u200bc\u001b[31m')).toBe('a⟨U+0007⟩b⟨U+200B⟩c⟨U+001B⟩[31m')
})

test('lines, tabs and other languages stay as they are', () => {
  expect(visible('één\tשלום\r\n日本 👩‍🚀')).toBe('één\tשלום\n日本 👩‍🚀')
})
