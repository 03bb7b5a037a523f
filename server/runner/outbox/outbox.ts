import { eventLine } from '#contract/runners/lines'
import type { Delta } from '#contract/runs/events'
import type { Redactor } from '../redaction/redactor.ts'
import type { SpoolFile } from '../spool/spool-file.ts'
import type { Recovered } from '../spool/spool-recovery.ts'
import { Backlog, type Waiting } from './backlog.ts'
import type { Batch, Finish, NextMessage, Reply } from './batch.ts'
import { Deltas } from './deltas.ts'
import { cutText, type NewItem, prepareItem } from './leaving-item.ts'
import { plausible } from './plausible.ts'

/** Half-finished text alone is not worth a request of its own more often than this. */
const deltaPauseMs = 40
/** A request that takes longer is as good as none: what waits goes to disk. */
const slowMs = 500
/** One is stored while the next one is on its way; more would only wait in another place. */
const maxFlights = 2

export interface OutboxOptions {
  send(batch: Batch): Promise<Reply>
  redactor: Redactor
  /** Where that goes which nobody takes. */
  file: SpoolFile
  /** How long to wait before the given attempt, counted from 1. */
  pauseMs(attempt: number): number
  /** The run was taken away. */
  onGone(): void
  /** The control plane was put back to an earlier state: what it was told since is not known there any more. */
  onForgotten(): void
  onRoom(): void
}

/**
 * What one run has to tell, until it is stored. Items are numbered from 1 and sent in order: at once when nothing is on
 * its way, together with all that came meanwhile when something was; and a whole batch follows one that is on its way. What
 * follows one that failed is sent again together with it. Nothing is dropped before it is acknowledged.
 */
export class Outbox {
  private readonly options: OutboxOptions
  private readonly deltas: Deltas
  private readonly backlog: Backlog
  private lastN = 0
  /** On their way, the first one first. */
  private flights: Flight[] = []
  private gone = false
  private finish: Finish | null = null
  private attempts = 0
  private doubted = false
  private timer: NodeJS.Timeout | null = null
  private turn: { n: number; answer: PromiseWithResolvers<NextMessage | null> } | null = null
  private readonly over = Promise.withResolvers<'stored' | 'gone'>()

  constructor(options: OutboxOptions) {
    this.options = options
    this.deltas = new Deltas(options.redactor)
    this.backlog = new Backlog({ file: options.file, onRefused: error => this.tellRefused(error) })
  }

  /** Tells what a former process kept, and that the run ended so. */
  static afterlife(options: OutboxOptions, { items }: Recovered, finish: Finish): Outbox {
    const outbox = new Outbox(options)
    outbox.backlog.recover(items)
    outbox.lastN = items.at(-1)?.n ?? 0
    void outbox.close(finish)
    return outbox
  }

  /** Resolves when the end is stored, or nobody wants it. */
  get ended(): Promise<'stored' | 'gone'> {
    return this.over.promise
  }

  /** True: leave the agent's output unread until `onRoom`. */
  get full(): boolean {
    return this.backlog.full
  }

  /** Nothing is lost when this process ends now. */
  get safe(): boolean {
    return this.gone || this.backlog.safe
  }

  push(told: NewItem): void {
    if (this.gone || this.finish !== null) return
    const item = told.type === 'facts' ? this.believed(told) : told
    if (item.type === 'event' && typeof item.data.block === 'string') this.deltas.finished(item.data.block)
    const n = ++this.lastN
    const prepared = prepareItem(item, this.options.redactor.text)
    const json = prepared.type === 'event' ? eventLine(n, prepared) : JSON.stringify({ ...prepared, n })
    this.backlog.push(n, json, item.type === 'turn')
    this.soon(0)
  }

  delta(delta: Delta): void {
    if (this.gone || this.finish !== null) return
    this.deltas.add(delta)
    this.soon(deltaPauseMs)
  }

  /** Tells that a turn ended. Resolves to the message the agent shall read next, or null when none will come. */
  endTurn(ts: string, open = false): Promise<NextMessage | null> {
    if (this.gone || this.finish !== null) return Promise.resolve(null)
    this.turn ??= { n: this.lastN + 1, answer: Promise.withResolvers() }
    const { n, answer } = this.turn
    if (n > this.lastN) this.push({ type: 'turn', ts, open })
    return answer.promise
  }

  /** Ends the run after everything before has been stored. */
  close(finish: Finish): Promise<'stored' | 'gone'> {
    if (!this.gone && this.finish === null) {
      const { text } = this.options.redactor
      const error = finish.error && { ...finish.error, message: cutText(text(finish.error.message), 10_000) }
      this.finish = { ...finish, result: finish.result === null ? null : cutText(text(finish.result)), error }
      this.deltas.clear()
      this.backlog.end(this.finish)
      this.soon(0)
    }
    return this.ended
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
    this.backlog.drop()
    this.deltas.clear()
    this.answerTurn(null)
    this.over.resolve('gone')
    this.options.onRoom()
  }

  private answerTurn(next: NextMessage | null): void {
    this.turn?.answer.resolve(next)
    this.turn = null
  }

  private soon(delayMs: number): void {
    if (!this.maySend()) return
    if (delayMs === 0 && this.attempts === 0) {
      this.clearTimer()
      this.flush()
      return
    }
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.flush()
    }, delayMs)
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private maySend(): boolean {
    if (this.gone) return false
    const last = this.flights.at(-1)
    return last === undefined || (this.flights.length < maxFlights && this.mayFollow(last))
  }

  /** The answer to a turn is waited for, and after the end nothing follows. */
  private mayFollow({ sent }: Flight): boolean {
    if (sent.hadTurn || sent.batch.finish !== null || this.attempts > 0) return false
    return this.backlog.fillsBatch && this.flights.every(({ failure }) => failure === null)
  }

  private flush(): void {
    while (this.maySend()) {
      const sent = this.nextBatch()
      if (sent === null) return
      void this.fly({ sent, failure: null })
    }
  }

  private async fly(flight: Flight): Promise<void> {
    this.flights.push(flight)
    const slow = setTimeout(() => this.spill(), slowMs)
    const reply = await this.options.send(flight.sent.batch)
    clearTimeout(slow)
    if (!this.gone && this.flights.includes(flight)) this.land(flight, reply)
  }

  private land(flight: Flight, reply: Reply): void {
    if (reply.type === 'gone') {
      this.options.onGone()
      return
    }
    if (reply.type === 'stored') {
      // Then those before it are, whatever was heard of them.
      this.flights = this.flights.slice(this.flights.indexOf(flight) + 1)
      this.stored(reply, flight.sent)
      if (this.gone) return
    } else flight.failure = reply
    const [first] = this.flights
    // Nothing is sent again while some of it is on its way.
    if (first?.failure && this.flights.every(({ failure }) => failure !== null)) {
      this.flights = []
      this.backlog.rewind()
      this.failed(first.failure, first.sent)
    }
    if (this.somethingToSend())
      this.soon(this.attempts === 0 ? this.pauseForDeltas() : this.options.pauseMs(this.attempts))
  }

  private stored(reply: Extract<Reply, { type: 'stored' }>, sent: Sent): void {
    this.attempts = 0
    if (sent.hadTurn) this.answerTurn(reply.next ?? null)
    this.forget(Math.max(reply.acked, sent.last))
    if (sent.batch.finish === null) return
    this.gone = true
    this.backlog.drop()
    this.over.resolve('stored')
  }

  private failed(failure: Failure, sent: Sent): void {
    switch (failure.type) {
      case 'gap':
        // It came before its turn, which says nothing of what is stored by now.
        if (sent.batch.follows) break
        this.forget(failure.acked)
        if (this.fillGap(failure.acked)) this.options.onForgotten()
        this.attempts++
        break
      case 'too large':
        if (!this.backlog.shrink(sent)) this.attempts++
        break
      case 'away':
        this.attempts++
        this.spill()
        break
    }
  }

  /** What is missing there was acknowledged once and is not here any more: said in its place. */
  private fillGap(acked: number): boolean {
    const first = this.backlog.first ?? this.lastN + 1
    if (acked >= first - 1) return false
    this.backlog.fill(acked + 1, first - 1)
    return true
  }

  private somethingToSend(): boolean {
    return !this.backlog.empty || this.finish !== null || !this.deltas.empty
  }

  private pauseForDeltas(): number {
    return !this.backlog.empty || this.finish !== null ? 0 : deltaPauseMs
  }

  private forget(acked: number): void {
    this.makeRoom(() => this.backlog.forget(acked, this.turn?.n ?? null))
  }

  private spill(): void {
    this.makeRoom(() => this.backlog.spill())
  }

  private makeRoom(change: () => void): void {
    const wasFull = this.full
    change()
    if (wasFull && !this.full) this.options.onRoom()
  }

  private nextBatch(): Sent | null {
    const { items, texts, bytes, complete, finish } = this.backlog.next()
    const taken = JSON.stringify(complete && this.attempts === 0 ? this.deltas.take() : [])
    // Half-finished text that does not get through is not worth more than what is finished.
    const deltas = this.backlog.takes(bytes + Buffer.byteLength(taken)) ? taken : '[]'
    if (items.length === 0 && deltas === '[]' && finish === null) return null
    return {
      batch: { items: texts, deltas, finish, follows: this.flights.length > 0 },
      items,
      last: items.at(-1)?.n ?? 0,
      hadTurn: items.at(-1)?.isTurn ?? false
    }
  }

  private believed(item: Extract<NewItem, { type: 'facts' }>): NewItem {
    const { facts, refused } = plausible(item.facts)
    if (refused.length > 0 && !this.doubted) {
      this.doubted = true
      const message = `What the agent claims cannot be and is not counted: its ${refused.join(', ')}`
      const data = { code: 'IMPLAUSIBLE', retrying: false }
      this.push({ type: 'event', ts: new Date().toISOString(), kind: 'error', message, data })
    }
    return { ...item, facts }
  }

  private tellRefused(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    const message = `The disk of the runner does not take what waits for the control plane; it is kept in memory: ${why}`
    const ts = new Date().toISOString()
    this.push({ type: 'event', ts, kind: 'system', message, data: { subtype: 'spool_refused' } })
  }
}

type Failure = Exclude<Reply, { type: 'stored' | 'gone' }>

/** A batch on its way. One that failed waits until nothing else is. */
interface Flight {
  sent: Sent
  failure: Failure | null
}

interface Sent {
  batch: Batch
  items: readonly Waiting[]
  last: number
  hadTurn: boolean
}
