import { useEffect, useRef } from 'react'
import { focusWhenDrawn } from './entry-focus.ts'
import { beginningOf, type Item, indexOfEvent } from './items.ts'
import { openEntry } from './opened.ts'
import type { ChainStream } from './use-chain-stream.ts'
import type { Follow } from './use-follow.ts'

/** Where the reader wants to be: the beginning of a run, or one event of it. A new object is a new wish. */
export interface Target {
  runId: string
  seq?: number
  /** Shows what is inside, as for a hit of the search. */
  open?: boolean
  /** The entry gets the focus. */
  focus?: boolean
}

/** Brings the wanted entry into view, and loads it first when it is not there. */
export function useJump(
  target: Target | null,
  items: readonly Item[],
  stream: ChainStream,
  leadTo: Follow['leadTo']
): void {
  const done = useRef<Target | null>(null)
  const { reveal } = stream
  useEffect(() => {
    if (target === null || done.current === target) return
    const { runId, seq, open, focus } = target
    if (seq === undefined) {
      done.current = target
      const beginning = beginningOf(items, runId)
      if (beginning) leadTo(beginning.key, 'start')
      return
    }
    if (!reveal(runId, seq)) return
    // What a run begins with may show nothing itself.
    const item = items[indexOfEvent(items, runId, seq)] ?? beginningOf(items, runId)
    if (!item) return
    if (open) openEntry(item.key)
    // The event lies in a fold: with the next items it has an entry of its own.
    if (!(open && item.type === 'fold')) done.current = target
    leadTo(item.key, 'center')
    if (focus) focusWhenDrawn(item.key)
  }, [target, items, reveal, leadTo])
}
