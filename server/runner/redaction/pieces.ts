import { shortestHidden } from '#contract/fleet/handed-values'
import { isPassedOver, type View } from './view.ts'

export const shortestPiece = shortestHidden
/** Longer forms are found by parts of this size, so that a part of one is found as well. */
const blockSize = 32
/** A form is one piece up to this, exclusive. */
export const shortestInBlocks = 2 * blockSize

/** One way in which a value may stand in a text, in significant characters. */
export interface Form {
  text: string
  name: string
  /** So many characters at its begin say nothing, such as the first line of a key. */
  lead: number
}

/** So much of a form, from `at` in it. */
export interface Piece {
  form: Form
  at: number
  length: number
}

const base = 0x01000193
/** By exponent. */
const powers = powersOfBase(shortestInBlocks)
const baseToWindow = powers[shortestPiece] ?? 0
const spread = 0x9e3779b1

/**
 * All pieces of all forms. Each position of a text is asked about with a hash of the eight characters from there, which
 * is rolled from one to the next, so what a look costs depends neither on the number of values nor on their lengths.
 */
export class Pieces {
  /** By the hash of all of a piece; several of one hash are rare. */
  private readonly pieces = new Map<number, Piece[]>()
  /** Lengths of the pieces that begin with a hash, the longest first. */
  private readonly lengths = new Map<number, number[]>()
  private readonly filter: Uint32Array
  private readonly shift: number

  constructor(forms: readonly Form[]) {
    for (const form of forms) this.addForm(form)
    const bits = Math.min(26, Math.max(15, 32 - Math.clz32(this.lengths.size * 32)))
    this.shift = 32 - bits
    this.filter = new Uint32Array(2 ** (bits - 5))
    for (const hash of this.lengths.keys()) {
      const bit = this.bitOf(hash)
      this.filter[bit >>> 5] = (this.filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  /** Whether any piece may begin anywhere in a text, without making anything of it. */
  mayStandIn(text: string): boolean {
    if (text.length < shortestPiece) return false
    let hash = 0
    let seen = 0
    /** Behind the last one that left the window. */
    let left = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (isPassedOver(code)) continue
      let leaving = 0
      if (++seen > shortestPiece) {
        do leaving = text.charCodeAt(left++)
        while (isPassedOver(leaving))
      }
      hash = rolled(hash, code, leaving)
      if (seen >= shortestPiece && this.begins(hash)) return true
    }
    return false
  }

  /** Calls `found` with each piece, by where it begins in the view; what that returns is where to look next. */
  each(view: View, found: (at: number, piece: Piece) => number): void {
    const sums = sumsOf(view)
    let next = 0
    for (let at = 0; at + shortestPiece <= view.length; at = Math.max(at + 1, next)) {
      const hash = between(sums, at, shortestPiece)
      const piece = this.begins(hash) ? this.longest(view, sums, at, hash) : null
      if (piece !== null) next = found(at, piece)
    }
  }

  private longest(view: View, sums: Int32Array, at: number, start: number): Piece | null {
    for (const size of this.lengths.get(start) ?? []) {
      if (at + size > view.length) continue
      const candidates = this.pieces.get(between(sums, at, size)) ?? []
      for (const piece of candidates) if (piece.length === size && standsAt(view, at, piece)) return piece
    }
    return null
  }

  private begins(hash: number): boolean {
    const bit = this.bitOf(hash)
    return ((this.filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0 && this.lengths.has(hash)
  }

  private bitOf(hash: number): number {
    return Math.imul(hash, spread) >>> this.shift
  }

  private addForm(form: Form): void {
    const { length } = form.text
    if (length < shortestPiece) return
    if (length < shortestInBlocks) {
      this.addPiece({ form, at: 0, length })
      return
    }
    for (let at = form.lead; at + blockSize <= length; at += blockSize) this.addPiece({ form, at, length: blockSize })
    // Together with this one they cover all of it.
    this.addPiece({ form, at: length - blockSize, length: blockSize })
  }

  private addPiece(piece: Piece): void {
    const { form, at, length } = piece
    const hash = hashOf(form.text, at, length)
    const same = this.pieces.get(hash) ?? []
    if (same.some(other => other.length === length && isSame(other, piece))) return
    this.pieces.set(hash, [...same, piece])
    const start = hashOf(form.text, at, shortestPiece)
    const known = this.lengths.get(start) ?? []
    if (known.includes(length)) return
    this.lengths.set(
      start,
      [...known, length].sort((a, b) => b - a)
    )
  }
}

function isSame(one: Piece, other: Piece): boolean {
  return one.form.text.startsWith(other.form.text.slice(other.at, other.at + other.length), one.at)
}

function standsAt({ codes }: View, at: number, { form, at: inForm, length }: Piece): boolean {
  for (let n = 0; n < length; n++) if (codes[at + n] !== form.text.charCodeAt(inForm + n)) return false
  return true
}

/** The hash of all up to each position, from which that of any part follows. */
function sumsOf({ codes, length }: View): Int32Array {
  const sums = new Int32Array(length + 1)
  for (let at = 0; at < length; at++) sums[at + 1] = (Math.imul(sums[at] ?? 0, base) + (codes[at] ?? 0)) | 0
  return sums
}

function between(sums: Int32Array, at: number, size: number): number {
  return ((sums[at + size] ?? 0) - Math.imul(sums[at] ?? 0, powers[size] ?? 0)) | 0
}

function hashOf(text: string, from: number, length: number): number {
  let hash = 0
  for (let at = from; at < from + length; at++) hash = (Math.imul(hash, base) + text.charCodeAt(at)) | 0
  return hash
}

function rolled(hash: number, entering: number, leaving: number): number {
  return (Math.imul(hash, base) + entering - Math.imul(leaving, baseToWindow)) | 0
}

function powersOfBase(highest: number): Int32Array {
  const powers = new Int32Array(highest + 1)
  powers[0] = 1
  for (let n = 1; n <= highest; n++) powers[n] = Math.imul(powers[n - 1] ?? 0, base)
  return powers
}
