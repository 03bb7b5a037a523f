import { expect, test } from 'vitest'
import { createLineReader } from './lines.ts'

function reader(limit?: number) {
  const skipped: number[] = []
  return { skipped, ...createLineReader(bytes => skipped.push(bytes), limit) }
}

test('lines come whole wherever the chunks are cut, also inside a character', () => {
  const bytes = Buffer.from('eins\nzwölf €\r\n\nlast')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const { push, end } = reader()
    expect([...push(bytes.subarray(0, cut)), ...push(bytes.subarray(cut)), ...end()]).toEqual([
      'eins',
      'zwölf €',
      '',
      'last'
    ])
  }
})

test('a line over the limit is skipped and told, the next one is read', () => {
  const { push, end, skipped } = reader(10)
  const lines = ['short\n', 'x'.repeat(8), 'x'.repeat(8), '\nafter\n'].flatMap(text => push(Buffer.from(text)))
  expect([...lines, ...end()]).toEqual(['short', 'after'])
  expect(skipped).toEqual([16])
})

test('a line of exactly the limit is read', () => {
  const { push, skipped } = reader(5)
  expect(push(Buffer.from('12345\n'))).toEqual(['12345'])
  expect(skipped).toEqual([])
})

test('nothing is left after a final line feed', () => {
  const { push, end } = reader()
  push(Buffer.from('a\n'))
  expect(end()).toEqual([])
})
