import type { Delta } from '#contract/runs/events'
import { isEnded, type RunStatus } from '#contract/runs/runs'
import type { StoredEvent } from '../store/runs/events.ts'
import type { Store } from '../store/store.ts'
import type { Bus } from './bus.ts'

/** Where a tail writes to: a response or a socket. */
export interface Sink {
  /** Takes one or several whole frames. */
  write(frames: Buffer | string): void
  /** Bytes taken but not yet sent. */
  buffered(): number
  /** Calls back once, when what was taken has been sent. */
  onceDrained(resume: () => void): void
  /** Takes nothing any more. Its tail then reads nothing either: the store may be gone before whoever listened is. */
  ended(): boolean
}

/** How a face writes the frames of a run. `event` must be one function for all tails of the face: encodings are shared by it. */
export interface Wire {
  event(event: StoredEvent): string
  delta(delta: Delta): string
  end(status: RunStatus): string
}

export interface TailOptions {
  /** The run's number. */
  run: number
  /** Sequence number that the listener has seen. */
  after: number
  sink: Sink
  wire: Wire
  /** The run has ended and all was written. */
  onEnd(): void
}

/** A sink that has this many bytes unsent gets no live frames; it reads from the log again once it has drained. */
export const maxBuffered = 1 << 20
const pageSize = 200

/**
 * The only tail: what happened is read from the log, then the listener is handed over to live batches without a gap or a
 * double. A listener that is slow is dropped back to the log, so memory stays bounded whatever it does.
 * Returns the function that stops it.
 */
export function tailRun(store: Store, bus: Bus, options: TailOptions): () => void {
  const { run, sink, wire } = options
  const scope = String(run)
  let cursor = options.after
  let live = false
  let stopped = false
  /** It was told that the run ended, which may be before all that was committed with the end was told. */
  let over = false

  function catchUp(): void {
    if (stopped || sink.ended()) return
    if (sink.buffered() > maxBuffered) {
      sink.onceDrained(catchUp)
      return
    }
    const page = store.events.after(run, cursor, pageSize)
    const last = page.at(-1)
    if (last) {
      sink.write(page.map(wire.event).join(''))
      cursor = last.seq
      // Gives others their turn between the pages of a long log.
      if (page.length === pageSize) {
        setImmediate(catchUp)
        return
      }
    }
    // Nothing can be committed between this read and the next tick, so from here on batches follow without a gap.
    live = true
    endIfOver()
  }

  function endIfOver(): void {
    if (stopped || sink.ended()) return
    const row = store.runs.byNumber(run)
    if (!row || !isEnded(row.status) || cursor < row.last_seq) return
    sink.write(wire.end(row.status))
    stop()
    options.onEnd()
  }

  function stop(): void {
    stopped = true
    for (const unsubscribe of subscriptions) unsubscribe()
  }

  function fallBack(): void {
    live = false
    sink.onceDrained(catchUp)
  }

  const subscriptions = [
    bus.subscribe('events', scope, ({ batch }) => {
      if (!live || batch.last <= cursor) return
      if (batch.first !== cursor + 1 || sink.buffered() > maxBuffered) fallBack()
      else {
        sink.write(batch.encoded(wire.event))
        cursor = batch.last
        if (over) endIfOver()
      }
    }),
    bus.subscribe('delta', scope, ({ delta }) => {
      if (live && sink.buffered() < maxBuffered / 16) sink.write(wire.delta(delta))
    }),
    bus.subscribe('end', scope, () => {
      over = true
      if (live) endIfOver()
    })
  ]
  catchUp()
  return stop
}
