import { markOf } from './mark.ts'
import type { Matcher } from './matcher.ts'

/** So much of what was handed on is looked at again, for a value may lie across many pieces. */
const lookedBack = 256
/** More than this is never held back: white space alone may be longer. */
const longestHeld = 8192

/** Hides values in text that comes in pieces, wherever it is cut. What may be the begin of a value waits for the next piece. */
export class RedactedStream {
  private readonly matcher: Matcher
  private text = ''
  /** Up to here it was handed on. */
  private told = 0
  /** What was handed on ended inside of a value, whose name stands there. */
  private inside = false

  constructor(matcher: Matcher) {
    this.matcher = matcher
  }

  push(piece: string): string {
    this.text += piece
    const spans = this.matcher.spans(this.text)
    const least = this.text.length - longestHeld
    const until = Math.max(this.told, least, this.matcher.decided(this.text))
    let clear = ''
    let inside = false
    for (const span of spans) {
      if (span.end < this.told || span.start >= until) continue
      const known = span.start < this.told && this.inside
      if (span.end > this.told) {
        clear += this.text.slice(this.told, Math.max(span.start, this.told)) + (known ? '' : markOf(span))
        this.told = Math.min(span.end, until)
      }
      inside = span.end >= until
    }
    clear += this.text.slice(this.told, until)
    this.told = until
    this.inside = inside
    this.forget()
    return clear
  }

  private forget(): void {
    const kept = Math.max(0, Math.min(this.told, this.text.length - lookedBack))
    this.text = this.text.slice(kept)
    this.told -= kept
  }
}
