import { eventPageLimit, listRunEvents, type RunEvent } from '#contract/runs/events'
import { call, wordsOf } from '../../../lib/call.ts'
import { followRun } from '../../../lib/live.ts'
import { pace, unpace } from '../../../lib/pace.ts'
import { apply, applyDelta, emptyModel, forgetBefore, modelOf, type StreamModel } from './rows.ts'

/** Events kept while the reader is at the end. */
const kept = 2000
/** Events kept while the reader reads further up; beyond them new ones wait until the end is asked for. */
const keptWhileReading = 10_000

type State = { name: 'idle' } | { name: 'loading' } | { name: 'ready' } | { name: 'failed'; why: string }

/**
 * A window on the events of one run: opened at its end, extended upwards on demand, live at its lower edge.
 * Listeners hear of changes at most once per frame, and under load less often.
 */
export class RunLog {
  readonly runId: string
  state: State = { name: 'idle' }
  model: StreamModel = emptyModel()
  loadingOlder = false
  loadingNewer = false
  /** The reader is at the end, so that old events may leave the window. */
  following = true
  /** New events are added as they come. */
  attached = false
  #events: RunEvent[] = []
  #version = 0
  #listeners = new Set<() => void>()
  #loadingAround: number | null = null
  /** Counts the wishes for another window: the latest counts, and what was asked for an earlier one is not added to it. */
  #window = 0
  #unfollow: (() => void) | undefined

  constructor(runId: string) {
    this.runId = runId
  }

  get firstSeq(): number {
    return this.#events[0]?.seq ?? 1
  }

  get lastSeq(): number {
    return this.#events.at(-1)?.seq ?? 0
  }

  get hasOlder(): boolean {
    return this.firstSeq > 1
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  version = (): number => this.#version

  /** Loads the last page and goes on live. `lastSeq` is the newest event known of the run. */
  async open(lastSeq: number): Promise<void> {
    if (this.state.name === 'loading' || this.state.name === 'ready') return
    this.#enter({ name: 'loading' })
    try {
      if (await this.#loadTail(lastSeq)) this.#enter({ name: 'ready' })
    } catch (error) {
      this.#isMissing(error)
    }
  }

  /** As `open`, also where other events than the newest are there. */
  async openAtEnd(lastSeq: number): Promise<void> {
    if (this.state.name === 'ready') await this.catchUp(lastSeq)
    else await this.open(lastSeq)
  }

  /** Returns to the newest events after the reader left them behind. */
  async catchUp(lastSeq: number): Promise<void> {
    if (this.attached || this.state.name !== 'ready') return
    if (await this.#loadTail(lastSeq)) this.#changed()
  }

  async loadOlder(): Promise<void> {
    if (this.loadingOlder || !this.hasOlder) return
    this.loadingOlder = true
    this.#changed()
    try {
      const window = this.#window
      const before = this.firstSeq
      const after = Math.max(0, before - 1 - eventPageLimit)
      const page = await this.#page(after, before - 1 - after)
      if (window === this.#window) this.#replace([...page, ...this.#events])
    } finally {
      this.loadingOlder = false
      this.#changed()
    }
  }

  /** Whether an event is there; if not, what lies around it is loaded in place of all that is. */
  holds(seq: number): boolean {
    return this.state.name === 'ready' && seq >= this.firstSeq && seq <= this.lastSeq
  }

  async loadAround(seq: number): Promise<void> {
    if (this.#loadingAround === seq) return
    this.#loadingAround = seq
    const window = ++this.#window
    try {
      const page = await this.#page(Math.max(0, seq - 1 - eventPageLimit / 2), eventPageLimit)
      if (window !== this.#window) return
      this.close()
      this.#replace(page)
      this.model.live = []
      this.#enter({ name: 'ready' })
    } catch (error) {
      this.#isMissing(error)
      throw error
    } finally {
      if (window === this.#window) this.#loadingAround = null
    }
  }

  /** Goes on below what is loaded, after the reader was led far up; at the end it goes live again. */
  async loadNewer(): Promise<void> {
    if (this.attached || this.loadingNewer || this.state.name !== 'ready') return
    this.loadingNewer = true
    try {
      const window = this.#window
      const page = await this.#page(this.lastSeq, eventPageLimit)
      if (window !== this.#window) return
      for (const event of page) this.#add(event)
      if (page.length < eventPageLimit) this.#attach()
    } finally {
      this.loadingNewer = false
      this.#changed()
    }
  }

  close(): void {
    this.#unfollow?.()
    this.#unfollow = undefined
    this.attached = false
    unpace(this.#tell)
  }

  /** Whether it came to that: the reader may meanwhile want to be elsewhere. */
  async #loadTail(lastSeq: number): Promise<boolean> {
    this.#loadingAround = null
    const window = ++this.#window
    const after = Math.max(0, lastSeq - eventPageLimit)
    const page = await this.#page(after, eventPageLimit)
    if (window !== this.#window) return false
    this.#replace(page)
    this.#attach()
    return true
  }

  async #page(after: number, limit: number): Promise<RunEvent[]> {
    return (await call(listRunEvents, { params: { id: this.runId }, query: { after, limit } })).data
  }

  #attach(): void {
    this.#unfollow?.()
    this.attached = true
    this.#unfollow = followRun(this.runId, {
      after: () => this.lastSeq,
      event: event => this.#append(event),
      delta: delta => {
        applyDelta(this.model, delta)
        this.#changed()
      },
      end: () => this.#dropLive(),
      resumed: () => this.#dropLive()
    })
  }

  #append(event: RunEvent) {
    if (event.seq <= this.lastSeq) return
    // Something in between was lost: ask again from what is there.
    if (event.seq > this.lastSeq + 1) return this.#attach()
    this.#add(event)
    if (this.following && this.#events.length > kept + eventPageLimit) this.#forgetOldest()
    else if (this.#events.length > keptWhileReading) this.close()
    this.#changed()
  }

  #add(event: RunEvent): void {
    this.#events.push(event)
    apply(this.model, event)
  }

  #forgetOldest(): void {
    this.#events.splice(0, this.#events.length - kept)
    forgetBefore(this.model, this.firstSeq)
  }

  #replace(events: RunEvent[]): void {
    const { live } = this.model
    this.#events = events
    this.model = modelOf(events)
    this.model.live = live
  }

  #dropLive(): void {
    this.model.live = []
    this.#changed()
  }

  /** Nothing could be loaded. Where something is there, it stays. */
  #isMissing(error: unknown): void {
    if (this.state.name === 'loading') this.#enter({ name: 'failed', why: wordsOf(error) })
  }

  #enter(state: State): void {
    this.state = state
    this.#changed()
  }

  #changed(): void {
    pace(this.#tell)
  }

  #tell = (): void => {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}
