import { type Form, type Piece, Pieces, shortestInBlocks, shortestPiece } from './pieces.ts'
import { cutEscapeAt, decodedView, plainView, type View } from './view.ts'

/** A part of a text, and whose value stands there. */
export interface Span {
  start: number
  end: number
  name: string
}

export interface Matcher {
  /** What is to be hidden in a text, in order, no two of them touching. */
  spans(text: string): Span[]
  /** Up to where nothing that could still come makes a difference; the rest may be the begin of a value. */
  decided(text: string): number
}

/** Finds values in time that is linear in the text; making it is linear in all that the values have together. */
export function createMatcher(forms: readonly Form[]): Matcher {
  const pieces = new Pieces(forms)
  const begins = sortedBegins(forms)
  return {
    spans(text) {
      const found: Span[] = []
      if (pieces.mayStandIn(text)) find(pieces, plainView(text), text, found)
      const decoded = decodedView(text)
      if (decoded !== null) find(pieces, decoded, text, found)
      return joined(found)
    },
    decided(text) {
      const cut = cutEscapeAt(text)
      const decoded = decodedView(text) === null ? null : decodedView(text.slice(0, cut))
      const plain = decidedOf(plainView(text), text.length, begins)
      const cutPlain = cut === text.length ? cut : decidedOf(plainView(text.slice(0, cut)), cut, begins)
      return Math.min(plain, cutPlain, decoded === null ? text.length : decidedOf(decoded, cut, begins))
    }
  }
}

function find(pieces: Pieces, view: View, text: string, found: Span[]): void {
  pieces.each(view, (at, piece) => {
    const start = firstOf(view, text, at, piece)
    const end = endOf(view, text, at, piece)
    found.push({ start: view.from[start] ?? 0, end: view.to[end - 1] ?? 0, name: piece.form.name })
    // Another one may begin inside of it and go further; whoever does begins with a piece of less than this.
    return Math.max(at + 1, end - shortestInBlocks)
  })
}

/** How far the form goes on after a piece. */
function endOf(view: View, text: string, at: number, { form, at: inForm, length }: Piece): number {
  let here = at + length
  let there = inForm + length
  let end = here
  while (here < view.length && there < form.text.length) {
    if (view.codes[here] === form.text.charCodeAt(there)) {
      here++
      there++
      end = here
    } else if (isEscapedBreak(view, text, here)) here++
    else break
  }
  return end
}

/** How far the form goes back before a piece: less than a block, for else the block before would have been found. */
function firstOf(view: View, text: string, at: number, { form, at: inForm }: Piece): number {
  let here = at
  let there = inForm
  let first = at
  while (here > 0 && there > 0 && at - here < shortestInBlocks) {
    if (view.codes[here - 1] === form.text.charCodeAt(there - 1)) {
      here--
      there--
      first = here
    } else if (isEscapedBreak(view, text, here - 1)) here--
    else break
  }
  return first
}

/** The letter of `\n`, `\r` or `\t`, of which the backslash was passed over. */
function isEscapedBreak({ codes, from }: View, text: string, at: number): boolean {
  const code = codes[at]
  return (code === 110 || code === 114 || code === 116) && text.charCodeAt((from[at] ?? 0) - 1) === 92
}

function joined(spans: Span[]): Span[] {
  const result: Span[] = []
  let longest = 0
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last === undefined || span.start > last.end) {
      result.push({ ...span })
      longest = span.end - span.start
      continue
    }
    last.end = Math.max(last.end, span.end)
    if (span.end - span.start <= longest) continue
    longest = span.end - span.start
    last.name = span.name
  }
  return result
}

/** How forms begin, in order: those that begin with a text lie together. */
function sortedBegins(forms: readonly Form[]): string[] {
  const long = forms.filter(form => form.text.length >= shortestPiece)
  return [...new Set(long.map(form => form.text.slice(0, shortestInBlocks)))].sort(byUnits)
}

function decidedOf({ length, codes, from }: View, textLength: number, begins: readonly string[]): number {
  const first = Math.max(0, length - shortestInBlocks + 1)
  const end = String.fromCharCode(...codes.subarray(first, length))
  for (let at = 0; at < end.length; at++) if (isBegin(end.slice(at), begins)) return from[first + at] ?? 0
  return textLength
}

/** Whether more must come until it is known. */
function isBegin(end: string, begins: readonly string[]): boolean {
  let low = 0
  let high = begins.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (byUnits(begins[middle] ?? '', end) < 0) low = middle + 1
    else high = middle
  }
  // The one that is equal comes first, and longer ones may follow.
  const first = begins[low] === end ? low + 1 : low
  return begins[first]?.startsWith(end) ?? false
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
