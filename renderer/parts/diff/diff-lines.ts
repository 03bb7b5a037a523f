import { diffWordsWithSpace, structuredPatch } from 'diff'
import type { Hunk } from '#contract/runs/events'

export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  oldNumber: number | null
  newNumber: number | null
  parts: { text: string; marked: boolean }[]
  /** The file ends here, without a newline. */
  unended?: true
}

/** Lines longer than this are not compared word by word: it would cost more than it tells. */
const longestCompared = 500
/** Blocks longer than this were rewritten; looking for counterparts in them costs more than it tells. */
const longestPaired = 60
/** Lines less alike were replaced, not edited: marking every word of them says nothing. */
const leastLikeness = 0.34

/** The lines of a hunk with their numbers, and with marks on the words that changed where lines pair up. */
export function diffLines(hunk: Hunk): DiffLine[] {
  const lines: DiffLine[] = []
  let oldNumber = hunk.oldStart
  let newNumber = hunk.newStart
  for (const line of hunk.lines) {
    const parts = [{ text: line.slice(1), marked: false }]
    if (line.startsWith('+')) lines.push({ kind: 'added', oldNumber: null, newNumber: newNumber++, parts })
    else if (line.startsWith('-')) lines.push({ kind: 'removed', oldNumber: oldNumber++, newNumber: null, parts })
    else if (line.startsWith('\\')) markUnended(lines.at(-1))
    else lines.push({ kind: 'same', oldNumber: oldNumber++, newNumber: newNumber++, parts })
  }
  markWords(lines)
  return lines
}

function markUnended(line: DiffLine | undefined): void {
  if (line) line.unended = true
}

/** Pairs each block of removed lines with the added block right after it: every line with the one most like it. */
function markWords(lines: DiffLine[]): void {
  let i = 0
  while (i < lines.length) {
    const removed = blockFrom(lines, i, 'removed')
    const added = blockFrom(lines, i + removed, 'added')
    if (Math.max(removed, added) <= longestPaired) {
      pairBlocks(lines.slice(i, i + removed), lines.slice(i + removed, i + removed + added))
    }
    i += removed + added || 1
  }
}

/** In order: what follows a line in the old text follows its counterpart in the new. */
function pairBlocks(removed: DiffLine[], added: DiffLine[]): void {
  let from = 0
  for (const line of removed) {
    let best = { at: -1, likeness: leastLikeness }
    for (let at = from; at < added.length; at++) {
      const likeness = likenessOf(textOf(line), textOf(added[at]))
      if (likeness > best.likeness) best = { at, likeness }
    }
    const counterpart = added[best.at]
    if (!counterpart) continue
    markPair(line, counterpart)
    from = best.at + 1
  }
}

function textOf(line: DiffLine | undefined): string {
  return line?.parts.map(part => part.text).join('') ?? ''
}

/** The share of words that both lines have, from 0 to 1. */
function likenessOf(a: string, b: string): number {
  if (a.length > longestCompared || b.length > longestCompared) return 0
  const words = a.match(/\w+/g) ?? []
  const others = b.match(/\w+/g) ?? []
  const left = new Set(others)
  const shared = words.filter(word => left.has(word)).length
  return shared / Math.max(words.length, others.length, 1)
}

function blockFrom(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let end = from
  while (lines[end]?.kind === kind) end += 1
  return end - from
}

function markPair(removed: DiffLine, added: DiffLine): void {
  const words = diffWordsWithSpace(textOf(removed), textOf(added))
  removed.parts = words
    .filter(word => !word.added)
    .map(word => ({ text: word.value, marked: word.removed && word.value.trim() !== '' }))
  added.parts = words
    .filter(word => !word.removed)
    .map(word => ({ text: word.value, marked: word.added && word.value.trim() !== '' }))
}

/** More changed lines than this are shown as one replacement: comparing costs their square. */
const mostEdits = 500

/**
 * What turns one text into another, with all that stays around it: an edit that waits for approval is never cut. Its numbers
 * count the lines of the texts, which may be parts of a file.
 */
export function hunksOf(before: string, after: string): readonly Hunk[] {
  // Where neither text ends its last line, that says nothing about the file.
  const ends = before === '' || before.endsWith('\n') || after.endsWith('\n')
  const [from, to] = ends ? [before, after] : [`${before}\n`, after === '' ? '' : `${after}\n`]
  const options = { context: Number.MAX_SAFE_INTEGER, maxEditLength: mostEdits }
  return structuredPatch('', '', from, to, '', '', options)?.hunks ?? [replacement(from, to)]
}

function replacement(before: string, after: string): Hunk {
  const removed = linesOf(before)
  const added = linesOf(after)
  const lines = [...removed.map(line => `-${line}`), ...added.map(line => `+${line}`)]
  return { oldStart: 1, oldLines: removed.length, newStart: 1, newLines: added.length, lines }
}

/** The newline at the end closes the last line; it does not begin another. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** Lines of a hunk as pairs of old and new: a block of removed lines stands beside the added ones that follow it. */
export function sideBySide(lines: readonly DiffLine[]): [DiffLine | null, DiffLine | null][] {
  const rows: [DiffLine | null, DiffLine | null][] = []
  let i = 0
  while (i < lines.length) {
    const line = lines[i]
    if (line?.kind === 'same') {
      rows.push([line, line])
      i += 1
      continue
    }
    const removed = blockFrom(lines, i, 'removed')
    const added = blockFrom(lines, i + removed, 'added')
    for (let n = 0; n < Math.max(removed, added); n++) {
      rows.push([n < removed ? (lines[i + n] ?? null) : null, n < added ? (lines[i + removed + n] ?? null) : null])
    }
    i += removed + added || 1
  }
  return rows
}
