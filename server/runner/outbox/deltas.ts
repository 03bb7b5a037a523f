import type { Delta } from '#contract/runs/events'
import type { RedactedStream } from '../redaction/redacted-stream.ts'
import type { Redactor } from '../redaction/redactor.ts'

/** Half-finished text that may wait, in characters. More than this means that nobody keeps up: it is dropped. */
const maxWaitingText = 256_000
const maxBlocks = 100

/** Half-finished text of one run, one entry per block, with secrets hidden even where a piece ends inside of one. */
export class Deltas {
  private readonly redactor: Redactor
  private blocks = new Map<string, Delta>()
  private streams = new Map<string, RedactedStream>()
  private size = 0

  constructor(redactor: Redactor) {
    this.redactor = redactor
  }

  get empty(): boolean {
    return this.blocks.size === 0
  }

  add(delta: Delta): void {
    const stream = this.streams.get(delta.block) ?? this.redactor.stream()
    this.streams.set(delta.block, stream)
    const clear = stream.push(delta.text)
    if (clear === '') return
    if (this.size + clear.length > maxWaitingText || this.streams.size > maxBlocks) this.clear()
    this.size += clear.length
    const known = this.blocks.get(delta.block)
    this.blocks.set(delta.block, { ...delta, text: (known?.text ?? '') + clear })
  }

  /** The block came whole: what is left of its pieces would only appear twice. */
  finished(block: string): void {
    this.size -= this.blocks.get(block)?.text.length ?? 0
    this.blocks.delete(block)
    this.streams.delete(block)
  }

  take(): Delta[] {
    const all = [...this.blocks.values()]
    this.blocks.clear()
    this.size = 0
    return all
  }

  clear(): void {
    this.blocks.clear()
    this.streams.clear()
    this.size = 0
  }
}
