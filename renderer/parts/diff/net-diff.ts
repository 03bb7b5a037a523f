import { diffArrays } from 'diff'
import type { Hunk } from '#contract/runs/events'

/** Unchanged lines that are shown around a change, where they are known. */
const context = 3
/** Edits of more lines than this are read one by one. */
const longestNet = 20_000

/** A stretch of the file as it is now: lines that were there before the first edit, by number, or others. */
type Piece = { old: number; count: number } | { lines: string[] }

/** A line of the net diff. `old` and `now` are the numbers that the next line of each side has here. */
interface Entry {
  mark: ' ' | '-' | '+'
  old: number
  now: number
  text: string
}

/**
 * What edits of one file, one after another, come to: a line that was changed twice is changed once, one that was changed
 * back not at all. Null where an edit does not fit what those before it left: something else changed the file in between.
 */
export function netHunks(edits: readonly (readonly Hunk[])[]): Hunk[] | null {
  if (edits.flat().reduce((sum, hunk) => sum + hunk.lines.length, 0) > longestNet) return null
  const file = new KnownFile()
  for (const hunks of edits) {
    let shift = 0
    for (const hunk of hunks) {
      if (!file.apply(hunk, shift)) return null
      shift += hunk.newLines - hunk.oldLines
    }
  }
  return hunksFrom(file.entries())
}

/** A file of which only the lines are known that edits have shown. */
class KnownFile {
  #pieces: Piece[] = [{ old: 1, count: Number.POSITIVE_INFINITY }]
  /** Lines before the first edit. */
  #before = new Map<number, string>()

  /**
   * Hunks before it are applied already and moved it by `shift`. Programs differ in where an empty side begins: the other
   * one is asked.
   */
  apply({ oldStart, newStart, newLines, lines }: Hunk, shift: number): boolean {
    let at = newLines === 0 ? oldStart - 1 + shift : newStart - 1
    for (const line of lines) {
      const text = line.slice(1)
      if (line.startsWith('+')) this.#insert(at++, text)
      else if (line.startsWith('\\')) continue
      else if (!this.#is(at, text)) return false
      else if (line.startsWith('-')) this.#remove(at)
      else at += 1
    }
    return true
  }

  /** Every known line that stayed, went or came. */
  entries(): Entry[] {
    const entries: Entry[] = []
    let old = 1
    let now = 1
    let added: string[] = []
    const change = (until: number) => {
      const removed = Array.from({ length: until - old }, (_, i) => this.#before.get(old + i) ?? '')
      for (const { value, added: came, removed: went } of diffArrays(removed, added)) {
        for (const text of value) {
          entries.push({ mark: came ? '+' : went ? '-' : ' ', old, now, text })
          if (!came) old += 1
          if (!went) now += 1
        }
      }
      added = []
    }
    const known = [...this.#before.keys()].sort((a, b) => a - b)
    let next = 0
    for (const piece of this.#pieces) {
      if ('lines' in piece) {
        added.push(...piece.lines)
        continue
      }
      change(piece.old)
      const shift = now - old
      const end = piece.old + piece.count
      while ((known[next] ?? Number.POSITIVE_INFINITY) < piece.old) next += 1
      for (; (known[next] ?? Number.POSITIVE_INFINITY) < end; next++) {
        const number = known[next] ?? 0
        entries.push({ mark: ' ', old: number, now: number + shift, text: this.#before.get(number) ?? '' })
      }
      old = end
      now = end + shift
    }
    return entries
  }

  /** Whether the line is this one, or nobody knew it yet. */
  #is(at: number, text: string): boolean {
    const [piece, offset] = this.#find(at)
    if (!piece || at < 0) return false
    if ('lines' in piece) return piece.lines[offset] === text
    const number = piece.old + offset
    const known = this.#before.get(number)
    if (known === undefined) this.#before.set(number, text)
    return known === undefined || known === text
  }

  #insert(at: number, text: string): void {
    const index = this.#cut(at)
    const above = this.#pieces[index - 1]
    if (above && 'lines' in above) above.lines.push(text)
    else this.#pieces.splice(index, 0, { lines: [text] })
  }

  #remove(at: number): void {
    const [piece, offset, index] = this.#find(at)
    if (!piece) return
    if ('lines' in piece) {
      piece.lines.splice(offset, 1)
      if (piece.lines.length === 0) this.#pieces.splice(index, 1)
      return
    }
    this.#cut(at + 1)
    this.#pieces.splice(this.#cut(at), 1)
  }

  /** Makes a border before a line; the index of the piece that begins there. */
  #cut(at: number): number {
    const [piece, offset, index] = this.#find(at)
    if (!piece) return this.#pieces.length
    if (offset === 0) return index
    const [above, below] =
      'lines' in piece
        ? [{ lines: piece.lines.slice(0, offset) }, { lines: piece.lines.slice(offset) }]
        : [
            { old: piece.old, count: offset },
            { old: piece.old + offset, count: piece.count - offset }
          ]
    this.#pieces.splice(index, 1, above, below)
    return index + 1
  }

  #find(at: number): [piece: Piece | undefined, offset: number, index: number] {
    let left = at
    for (const [index, piece] of this.#pieces.entries()) {
      const count = 'lines' in piece ? piece.lines.length : piece.count
      if (left < count) return [piece, left, index]
      left -= count
    }
    return [undefined, 0, this.#pieces.length]
  }
}

function hunksFrom(entries: readonly Entry[]): Hunk[] {
  const hunks: Entry[][] = []
  let last: Entry | undefined
  for (const entry of entries.filter((_, i) => isNear(entries, i))) {
    if (last && follows(last, entry)) hunks.at(-1)?.push(entry)
    else hunks.push([entry])
    last = entry
  }
  return hunks.map(hunkFrom)
}

/** It changed, or something that did is a few lines away. */
function isNear(entries: readonly Entry[], index: number): boolean {
  for (const by of [1, -1]) {
    for (let i = index, steps = 0; steps <= context; i += by, steps++) {
      const entry = entries[i]
      if (!entry) break
      if (entry.mark !== ' ') return true
      const [above, below] = by > 0 ? [entry, entries[i + 1]] : [entries[i - 1], entry]
      if (!above || !below || !follows(above, below)) break
    }
  }
  return false
}

function follows(above: Entry, below: Entry): boolean {
  return (
    below.old === above.old + (above.mark === '+' ? 0 : 1) && below.now === above.now + (above.mark === '-' ? 0 : 1)
  )
}

function hunkFrom(entries: readonly Entry[]): Hunk {
  const first = entries[0]
  const oldLines = entries.filter(({ mark }) => mark !== '+').length
  const newLines = entries.filter(({ mark }) => mark !== '-').length
  return {
    oldStart: (first?.old ?? 1) - (oldLines === 0 ? 1 : 0),
    oldLines,
    newStart: (first?.now ?? 1) - (newLines === 0 ? 1 : 0),
    newLines,
    lines: entries.map(({ mark, text }) => mark + text)
  }
}
