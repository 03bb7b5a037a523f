import type { Delta } from '#contract/events'
import type { Outcome } from '#contract/runner-protocol'
import type { RunFailure } from '#contract/runs'
import { Deltas } from './deltas.ts'
import { cutText, type NewItem, prepareItem } from './leaving-item.ts'
import type { Redactor } from './redact.ts'

/** Items that wait in memory before the agent's output is left unread. */
export const maxWaitingBytes = 8 * 1024 * 1024
const maxBatchBytes = 4 * 1024 * 1024
const maxBatchItems = 500
/** Half-finished text alone is not worth a request of its own more often than this. */
const deltaPauseMs = 40

export interface Finish {
  outcome: Outcome
  result: string | null
  error: RunFailure | null
  ts: string
}

/** What the control plane said to a batch. */
export type Reply =
  | { type: 'stored'; acked: number; next?: string | null | undefined }
  /** Items before the batch are missing there. */
  | { type: 'gap'; acked: number }
  /** The run is not ours any more. */
  | { type: 'gone' }
  /** Nothing is known: try again later. */
  | { type: 'away' }

/** `items` and `deltas` are JSON arrays; with `finish` the batch ends the run. */
export interface Batch {
  items: string
  deltas: string
  finish: Finish | null
}

export interface OutboxOptions {
  send(batch: Batch): Promise<Reply>
  redactor: Redactor
  /** How long to wait before the given attempt, counted from 1. */
  pauseMs(attempt: number): number
  /** The run was taken away, or the control plane lost items that were dropped here. */
  onGone(): void
  onRoom(): void
}

interface Waiting {
  n: number
  json: string
  bytes: number
  isTurn: boolean
}

/**
 * What one run has to tell, until it is stored. Items are numbered from 1 and sent in order: at once when nothing is on
 * its way, together with all that came meanwhile when something was. Nothing is dropped before it is acknowledged.
 */
export class Outbox {
  private readonly options: OutboxOptions
  private readonly deltas: Deltas
  private waiting: Waiting[] = []
  private bytes = 0
  private lastN = 0
  private sending = false
  private gone = false
  private finish: Finish | null = null
  private attempts = 0
  private timer: NodeJS.Timeout | null = null
  private turn: { n: number; answer: PromiseWithResolvers<string | null> } | null = null
  private readonly ended = Promise.withResolvers<'stored' | 'gone'>()

  constructor(options: OutboxOptions) {
    this.options = options
    this.deltas = new Deltas(options.redactor)
  }

  /** True: leave the agent's output unread until `onRoom`. */
  get full(): boolean {
    return this.bytes > maxWaitingBytes
  }

  push(item: NewItem): void {
    if (this.gone || this.finish !== null) return
    if (item.type === 'event' && typeof item.data.block === 'string') this.deltas.finished(item.data.block)
    const n = ++this.lastN
    const json = JSON.stringify({ ...prepareItem(item, this.options.redactor.text), n })
    const bytes = Buffer.byteLength(json)
    this.waiting.push({ n, json, bytes, isTurn: item.type === 'turn' })
    this.bytes += bytes
    this.soon(0)
  }

  delta(delta: Delta): void {
    if (this.gone || this.finish !== null) return
    this.deltas.add(delta)
    this.soon(deltaPauseMs)
  }

  /** Tells that a turn ended. Resolves to the message the agent shall read next, or null when none will come. */
  endTurn(ts: string): Promise<string | null> {
    if (this.gone || this.finish !== null) return Promise.resolve(null)
    this.turn ??= { n: this.lastN + 1, answer: Promise.withResolvers() }
    const { n, answer } = this.turn
    if (n > this.lastN) this.push({ type: 'turn', ts })
    return answer.promise
  }

  /** Ends the run after everything before has been stored. */
  close(finish: Finish): Promise<'stored' | 'gone'> {
    if (!this.gone && this.finish === null) {
      const { text } = this.options.redactor
      const error = finish.error && { ...finish.error, message: cutText(text(finish.error.message), 10_000) }
      this.finish = { ...finish, result: finish.result === null ? null : cutText(text(finish.result)), error }
      this.deltas.clear()
      this.soon(0)
    }
    return this.ended.promise
  }

  /** After a new registration: `acked` is the last item that is stored there. */
  resume(acked: number): void {
    this.forget(acked)
    this.attempts = 0
    this.clearTimer()
    this.soon(0)
  }

  /** The run is not ours any more: nothing is sent from now on. */
  drop(): void {
    if (this.gone) return
    this.gone = true
    this.clearTimer()
    this.waiting = []
    this.bytes = 0
    this.deltas.clear()
    this.answerTurn(null)
    this.ended.resolve('gone')
    this.options.onRoom()
  }

  private answerTurn(next: string | null): void {
    this.turn?.answer.resolve(next)
    this.turn = null
  }

  private soon(delayMs: number): void {
    if (this.gone || this.sending) return
    if (delayMs === 0 && this.attempts === 0) {
      this.clearTimer()
      void this.flush()
      return
    }
    this.timer ??= setTimeout(() => {
      this.timer = null
      void this.flush()
    }, delayMs)
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private async flush(): Promise<void> {
    if (this.sending || this.gone) return
    const sent = this.nextBatch()
    if (sent === null) return
    this.sending = true
    const reply = await this.options.send(sent.batch)
    this.sending = false
    if (!this.gone) this.react(reply, sent)
  }

  private react(reply: Reply, sent: Sent): void {
    switch (reply.type) {
      case 'stored':
        this.attempts = 0
        if (sent.hadTurn) this.answerTurn(reply.next ?? null)
        this.forget(Math.max(reply.acked, sent.last))
        if (sent.batch.finish !== null) {
          this.gone = true
          this.ended.resolve('stored')
          return
        }
        break
      case 'gap': {
        const first = this.waiting[0]?.n ?? this.lastN + 1
        if (reply.acked < first - 1) {
          // What is missing there has been acknowledged once and is not here any more.
          this.options.onGone()
          return
        }
        this.forget(reply.acked)
        this.attempts++
        break
      }
      case 'gone':
        this.options.onGone()
        return
      case 'away':
        this.attempts++
        break
    }
    if (this.somethingToSend())
      this.soon(this.attempts === 0 ? this.pauseForDeltas() : this.options.pauseMs(this.attempts))
  }

  private somethingToSend(): boolean {
    return this.waiting.length > 0 || this.finish !== null || !this.deltas.empty
  }

  private pauseForDeltas(): number {
    return this.waiting.length > 0 || this.finish !== null ? 0 : deltaPauseMs
  }

  /** A turn whose answer is still open stays: sent again, it is answered again. */
  private forget(acked: number): void {
    const wasFull = this.full
    const later = this.waiting.findIndex(item => item.n > acked)
    const stored = this.waiting.splice(0, later === -1 ? this.waiting.length : later)
    const open = stored.filter(item => item.n === this.turn?.n)
    this.waiting.unshift(...open)
    for (const item of stored) this.bytes -= item.bytes
    for (const item of open) this.bytes += item.bytes
    if (wasFull && !this.full) this.options.onRoom()
  }

  /** A batch ends at a turn: the answer belongs to exactly one. */
  private nextBatch(): Sent | null {
    const items: Waiting[] = []
    let bytes = 0
    for (const item of this.waiting) {
      if (items.length === maxBatchItems || (items.length > 0 && bytes + item.bytes > maxBatchBytes)) break
      items.push(item)
      bytes += item.bytes
      if (item.isTurn) break
    }
    const complete = items.length === this.waiting.length
    const deltas = complete && this.attempts === 0 ? this.deltas.take() : []
    const finish = complete ? this.finish : null
    if (items.length === 0 && deltas.length === 0 && finish === null) return null
    return {
      batch: { items: `[${items.map(item => item.json).join(',')}]`, deltas: JSON.stringify(deltas), finish },
      last: items.at(-1)?.n ?? 0,
      hadTurn: items.at(-1)?.isTurn ?? false
    }
  }
}

interface Sent {
  batch: Batch
  last: number
  hadTurn: boolean
}
