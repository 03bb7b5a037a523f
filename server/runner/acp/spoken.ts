import { maxEventText } from '#contract/runs/events'
import type { Signal } from '../runtimes/runtime.ts'

type Kind = 'assistant' | 'thinking'

/** Text that comes in chunks: told as it comes, and as one event once something else follows. */
export class Spoken {
  private kind: Kind = 'assistant'
  private messageId: string | null = null
  private parts: string[] = []
  private length = 0
  private block = 0

  add(kind: Kind, text: string, messageId: string | null): Signal[] {
    if (text === '') return []
    const follows = kind === this.kind && (messageId === null || messageId === this.messageId)
    const before = follows && this.length + text.length <= maxEventText ? [] : this.end()
    this.kind = kind
    this.messageId = messageId
    this.parts.push(text)
    this.length += text.length
    return [...before, { type: 'delta', delta: { block: this.name, kind, text, parent: null } }]
  }

  /** All that was said since the last end, whole. */
  end(): Signal[] {
    if (this.parts.length === 0) return []
    const message = this.parts.join('')
    const data = { block: this.name, parent: null }
    this.parts = []
    this.length = 0
    this.block++
    return [{ type: 'event', kind: this.kind, message, data }]
  }

  private get name(): string {
    return `said-${this.block}`
  }
}
