import { structuredPatch } from 'diff'
import { describe, expect, test } from 'vitest'
import type { Hunk } from '#contract/runs/events'
import { netHunks } from './net-diff.ts'

const numbered = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`)
const text = (lines: string[]) => lines.map(line => `${line}\n`).join('')
const patch = (from: string[], to: string[]): Hunk[] => structuredPatch('', '', text(from), text(to)).hunks
/** Edits that lead from one state to the next. */
const edits = (...states: string[][]) => states.slice(1).map((to, i) => patch(states[i] ?? [], to))
const changes = (hunks: Hunk[] | null) => hunks?.flatMap(hunk => hunk.lines.filter(line => !line.startsWith(' ')))

describe('what edits come to', () => {
  const start = numbered(60)

  test('is the patch from the first state to the last, whatever lay between', () => {
    const second = start.with(9, 'ten')
    const third = second.toSpliced(30, 2).toSpliced(10, 0, 'ten and a half')
    const fourth = third.with(9, 'TEN').toSpliced(50, 0, 'near the end')
    expect(netHunks(edits(start, second, third, fourth))).toEqual(
      structuredPatch('', '', text(start), text(fourth), '', '', { context: 3 }).hunks.map(hunk => ({ ...hunk }))
    )
  })

  test('a line changed twice is changed once, one changed back not at all', () => {
    const once = start.with(4, 'a').with(40, 'b')
    const back = once.with(4, 'line 5').with(40, 'c')
    expect(changes(netHunks(edits(start, once, back)))).toEqual(['-line 41', '+c'])
    expect(netHunks(edits(start, once, start))).toEqual([])
  })

  test('lines that one edit added and another removed were never there', () => {
    const more = start.toSpliced(20, 0, 'x', 'y', 'z')
    expect(changes(netHunks(edits(start, more, more.toSpliced(21, 1))))).toEqual(['+x', '+z'])
  })

  test('a new file is all added, as it is in the end', () => {
    expect(netHunks(edits([], ['a', 'b'], ['a', 'B', 'c']))).toEqual([
      { oldStart: 0, oldLines: 0, newStart: 1, newLines: 3, lines: ['+a', '+B', '+c'] }
    ])
  })

  test('a file that is emptied is all removed', () => {
    expect(changes(netHunks(edits(['a', 'b'], ['a'], [])))).toEqual(['-a', '-b'])
  })

  test('random edits, against the patch of their ends', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let round = 0; round < 40; round++) {
      const states = [numbered(30)]
      for (let i = 0; i < 5; i++) {
        const last = states.at(-1) ?? []
        const at = random(last.length)
        states.push(last.toSpliced(at, random(3), ...Array.from({ length: random(3) }, () => `new ${random(9)}`)))
      }
      const net = netHunks(edits(...states))
      expect(applied(net ?? [], states[0] ?? [])).toEqual(states.at(-1))
    }
  })

  test('edits that do not fit together are not made to', () => {
    const once = start.with(4, 'a')
    const elsewhere = start.with(4, 'changed by a command')
    expect(netHunks([patch(start, once), patch(elsewhere, elsewhere.with(5, 'b'))])).toBeNull()
  })
})

/** By hand, so that the library is not tested with itself. */
function applied(hunks: readonly Hunk[], lines: readonly string[]): string[] {
  const result: string[] = []
  let at = 0
  for (const hunk of hunks) {
    const from = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1
    result.push(
      ...lines.slice(at, from),
      ...hunk.lines.filter(line => !line.startsWith('-')).map(line => line.slice(1))
    )
    at = from + hunk.oldLines
  }
  return [...result, ...lines.slice(at)]
}
