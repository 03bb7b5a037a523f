import { describe, expect, test } from 'vitest'
import { type DiffLine, diffLines, hunksOf } from './diff-lines.ts'

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

  test('says of a line that the file ends there without a newline', () => {
    const lines = diffLines(hunk(['-a', '\\ No newline at end of file', '+b']))
    expect(lines.map(line => line.unended ?? false)).toEqual([true, false])
  })
})

describe('hunksOf', () => {
  const lines = (before: string, after: string) => hunksOf(before, after).flatMap(hunk => hunk.lines)

  test('keeps all that both texts share around the changes', () => {
    expect(lines('a\nb\nc', 'a\nB\nc')).toEqual([' a', '-b', '+B', ' c'])
    const long = Array.from({ length: 50 }, (_, i) => `line ${i}`)
    const changed = long.with(3, 'three').with(40, 'forty')
    expect(hunksOf(long.join('\n'), changed.join('\n'))).toHaveLength(1)
    expect(lines(long.join('\n'), changed.join('\n'))).toHaveLength(52)
  })

  test('finds what moved between', () => {
    expect(lines('a\nb\nc\nd\n', 'a\nc\nx\nd\n')).toEqual([' a', '-b', ' c', '+x', ' d'])
  })

  test('a new text is all added, an emptied one all removed', () => {
    expect(lines('', 'x\ny\n')).toEqual(['+x', '+y'])
    expect(lines('x', '')).toEqual(['-x'])
    expect(lines('', '')).toEqual([])
  })

  test('a newline that goes is a change', () => {
    expect(lines('a\n', 'a')).toEqual(['-a', '+a', '\\ No newline at end of file'])
  })

  test('texts with nothing in common are not compared for ever', () => {
    const text = (name: string) => Array.from({ length: 20_000 }, (_, i) => `${name} ${i}`).join('\n')
    const all = lines(text('a'), text('b'))
    expect(all).toHaveLength(40_000)
    expect(all[0]).toBe('-a 0')
    expect(all.at(-1)).toBe('+b 19999')
  })
})
