import type { ChangeRow } from '../store/changes.ts'
import type { Store } from '../store/store.ts'
import type { Bus } from './bus.ts'
import { maxBuffered, type Sink } from './tail.ts'

export interface ChangeWire {
  /** Empty for one that the listener may not see. */
  change(change: ChangeRow): string
  /** The log does not reach back to where the listener was. */
  reset(seq: number): string
}

export interface ChangeTailOptions {
  after: number
  sink: Sink
  wire: ChangeWire
}

const pageSize = 500

/** Newest change, 0 when there was none: where a new listener starts. */
export function lastChange(store: Store): number {
  return store.changes.bounds().last ?? 0
}

/**
 * Follows the change log. Changes of one thing that lie in the same page are told once, as it is by then; a slow
 * listener simply reads larger pages later. Returns the function that stops it.
 */
export function tailChanges(store: Store, bus: Bus, options: ChangeTailOptions): () => void {
  const { sink, wire } = options
  let cursor = options.after
  let waiting = false
  let stopped = false

  function pump(): void {
    waiting = false
    if (stopped || sink.ended()) return
    if (sink.buffered() > maxBuffered) {
      waiting = true
      sink.onceDrained(pump)
      return
    }
    const page = store.changes.after(cursor, pageSize)
    const last = page.at(-1)
    if (!last) return
    cursor = last.seq
    const frames = newestOfEach(page).map(wire.change).join('')
    if (frames !== '') sink.write(frames)
    if (page.length === pageSize) soon()
  }

  /** Commits that come close together are read together. */
  function soon(): void {
    if (waiting || stopped) return
    waiting = true
    setImmediate(pump)
  }

  const unsubscribe = bus.subscribe('changes', '', soon)
  const { first, last } = store.changes.bounds()
  if (cursor > (last ?? 0) || (first !== null && cursor < first - 1)) {
    cursor = last ?? 0
    sink.write(wire.reset(cursor))
  }
  pump()
  return () => {
    stopped = true
    unsubscribe()
  }
}

function newestOfEach(page: readonly ChangeRow[]): ChangeRow[] {
  const newest = new Map<string, ChangeRow>()
  for (const row of page) {
    const key = `${row.noun}:${row.id}`
    const earlier = newest.get(key)
    newest.delete(key)
    newest.set(key, earlier?.op === 'created' && row.op === 'changed' ? { ...row, op: 'created' } : row)
  }
  return [...newest.values()]
}
