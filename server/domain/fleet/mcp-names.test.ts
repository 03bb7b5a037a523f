import { expect, test } from 'vitest'
import { identifiersOf } from './mcp-names.ts'

test.each([
  [
    ['github', 'my_docs-2'],
    ['github', 'my_docs-2']
  ],
  [
    ['My docs', 'My  docs!', 'my-docs'],
    ['My-docs', 'My-docs-2', 'my-docs']
  ],
  [
    ['Café', 'Cafe'],
    ['Cafe-2', 'Cafe']
  ],
  [
    ['日本', '🐙', '   '],
    ['mcp', 'mcp-2', 'mcp-3']
  ],
  [
    ['x'.repeat(64), `${'x'.repeat(63)} y`, `${'x'.repeat(63)}!y`],
    ['x'.repeat(64), `${'x'.repeat(63)}-`, `${'x'.repeat(62)}-2`]
  ]
])('%j are %j to a CLI', (names, identifiers) => {
  expect(identifiersOf(names)).toEqual(identifiers)
})
