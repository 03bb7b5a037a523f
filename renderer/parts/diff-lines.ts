import { diffWordsWithSpace } from 'diff'
import type { Hunk } from '#contract/events'

export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  oldNumber: number | null
  newNumber: number | null
  parts: { text: string; marked: boolean }[]
}

/** Lines longer than this are not compared word by word: it would cost more than it tells. */
const longestCompared = 500

/** The lines of a hunk with their numbers, and with marks on the words that changed where lines pair up. */
export function diffLines(hunk: Hunk): DiffLine[] {
  const lines: DiffLine[] = []
  let oldNumber = hunk.oldStart
  let newNumber = hunk.newStart
  for (const line of hunk.lines) {
    const parts = [{ text: line.slice(1), marked: false }]
    if (line.startsWith('+')) lines.push({ kind: 'added', oldNumber: null, newNumber: newNumber++, parts })
    else if (line.startsWith('-')) lines.push({ kind: 'removed', oldNumber: oldNumber++, newNumber: null, parts })
    else if (line.startsWith('\\')) continue
    else lines.push({ kind: 'same', oldNumber: oldNumber++, newNumber: newNumber++, parts })
  }
  markWords(lines)
  return lines
}

/** Pairs each block of removed lines with the added block right after it, line by line. */
function markWords(lines: DiffLine[]): void {
  let i = 0
  while (i < lines.length) {
    const removed = blockFrom(lines, i, 'removed')
    const added = blockFrom(lines, i + removed, 'added')
    for (let k = 0; k < Math.min(removed, added); k++) markPair(lines[i + k], lines[i + removed + k])
    i += removed + added || 1
  }
}

function blockFrom(lines: DiffLine[], from: number, kind: DiffLine['kind']): number {
  let end = from
  while (lines[end]?.kind === kind) end += 1
  return end - from
}

function markPair(removed: DiffLine | undefined, added: DiffLine | undefined): void {
  const before = removed?.parts[0]?.text
  const after = added?.parts[0]?.text
  if (!removed || !added || before === undefined || after === undefined) return
  if (before.length > longestCompared || after.length > longestCompared) return
  const words = diffWordsWithSpace(before, after)
  const kept = words
    .filter(word => !word.added && !word.removed)
    .reduce((sum, word) => sum + word.value.trim().length, 0)
  // Lines that share next to nothing were replaced, not edited; marking every word of them says nothing.
  if (kept * 3 < Math.max(before.trim().length, after.trim().length)) return
  removed.parts = words.filter(word => !word.added).map(word => ({ text: word.value, marked: word.removed }))
  added.parts = words.filter(word => !word.removed).map(word => ({ text: word.value, marked: word.added }))
}

/** A diff of two texts that were not compared yet: what an edit that waits for approval would do. */
export function hunkOf(before: string, after: string): Hunk {
  const removed = linesOf(before)
  const added = linesOf(after)
  let head = 0
  while (head < removed.length && head < added.length && removed[head] === added[head]) head += 1
  let tail = 0
  while (
    tail < removed.length - head &&
    tail < added.length - head &&
    removed[removed.length - 1 - tail] === added[added.length - 1 - tail]
  ) {
    tail += 1
  }
  const lines = [
    ...removed.slice(0, head).map(line => ` ${line}`),
    ...removed.slice(head, removed.length - tail).map(line => `-${line}`),
    ...added.slice(head, added.length - tail).map(line => `+${line}`),
    ...removed.slice(removed.length - tail).map(line => ` ${line}`)
  ]
  return { oldStart: 1, oldLines: removed.length, newStart: 1, newLines: added.length, lines }
}

/** The newline at the end closes the last line; it does not begin another. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}
