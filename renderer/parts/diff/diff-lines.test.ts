import { describe, expect, test } from 'vitest'
import { type DiffLine, diffLines, hunkOf } from './diff-lines.ts'

const hunk = (lines: string[]) => ({ oldStart: 88, oldLines: 3, newStart: 88, newLines: 4, lines })
const marked = (line: DiffLine | undefined) => line?.parts.filter(part => part.marked).map(part => part.text)

describe('diffLines', () => {
  test('numbers both sides', () => {
    const lines = diffLines(hunk([' keep', '-old', '+new', '+more', ' keep']))
    expect(lines.map(line => [line.oldNumber, line.newNumber])).toEqual([
      [88, 88],
      [89, null],
      [null, 89],
      [null, 90],
      [90, 91]
    ])
  })

  test('marks the words that changed in lines that pair up', () => {
    const lines = diffLines(hunk(['-  const seen = await keys.find(key)', '+  const seen = await keys.claim(key)']))
    expect(marked(lines[0])).toEqual(['find'])
    expect(marked(lines[1])).toEqual(['claim'])
    expect(lines[1]?.parts.map(part => part.text).join('')).toBe('  const seen = await keys.claim(key)')
  })

  test('finds the counterpart of a line among those around it', () => {
    const lines = diffLines(
      hunk([
        '-  const seen = await keys.find(req.key)',
        '-  return db.tx(async (t) => {',
        '+  return db.tx(async (t) => {',
        '+    const seen = await keys.claim(req.key)'
      ])
    )
    expect(marked(lines[3])).toEqual(expect.arrayContaining(['claim']))
    expect(marked(lines[2])).toEqual([])
  })

  test('marks nothing in lines that were replaced, not edited', () => {
    const lines = diffLines(hunk(['-import a from "x"', '+export function whole() { return 1 }']))
    expect(lines.flatMap(marked)).toEqual([])
  })

  test('does not compare lines of thousands of characters', () => {
    const lines = diffLines(hunk([`-${'a '.repeat(400)}x`, `+${'a '.repeat(400)}y`]))
    expect(lines.flatMap(marked)).toEqual([])
  })

  test('leaves out the note about a missing newline', () => {
    expect(diffLines(hunk(['-a', '\\ No newline at end of file', '+b']))).toHaveLength(2)
  })
})

describe('hunkOf', () => {
  test('keeps what both texts share around the change', () => {
    expect(hunkOf('a\nb\nc', 'a\nB\nc').lines).toEqual([' a', '-b', '+B', ' c'])
  })

  test('a new text is all added, an emptied one all removed', () => {
    expect(hunkOf('', 'x\ny\n').lines).toEqual(['+x', '+y'])
    expect(hunkOf('x', '').lines).toEqual(['-x'])
  })
})
