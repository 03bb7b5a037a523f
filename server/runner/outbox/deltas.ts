import type { Delta } from '#contract/runs/events'
import type { Redactor } from '../execution/redact.ts'

/** Half-finished text that may wait, in characters. More than this means that nobody keeps up: it is dropped. */
const maxWaitingText = 256_000
const maxBlocks = 100

/** Half-finished text of one run, one entry per block, with secrets hidden even where a piece ends inside of one. */
export class Deltas {
  private readonly redactor: Redactor
  private blocks = new Map<string, Delta>()
  /** Ends of pieces that may be the beginning of a secret. */
  private held = new Map<string, string>()
  private size = 0

  constructor(redactor: Redactor) {
    this.redactor = redactor
  }

  get empty(): boolean {
    return this.blocks.size === 0
  }

  add(delta: Delta): void {
    const text = (this.held.get(delta.block) ?? '') + delta.text
    const undecided = this.redactor.undecided(text)
    this.held.set(delta.block, text.slice(text.length - undecided))
    const clear = this.redactor.text(text.slice(0, text.length - undecided))
    if (clear === '') return
    if (this.size + clear.length > maxWaitingText || this.blocks.size > maxBlocks) this.clear()
    this.size += clear.length
    const known = this.blocks.get(delta.block)
    this.blocks.set(delta.block, { ...delta, text: (known?.text ?? '') + clear })
  }

  /** The block came whole: what is left of its pieces would only appear twice. */
  finished(block: string): void {
    this.size -= this.blocks.get(block)?.text.length ?? 0
    this.blocks.delete(block)
    this.held.delete(block)
  }

  take(): Delta[] {
    const all = [...this.blocks.values()]
    this.blocks.clear()
    this.size = 0
    return all
  }

  clear(): void {
    this.blocks.clear()
    this.held.clear()
    this.size = 0
  }
}
