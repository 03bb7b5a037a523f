import { useEffect, useRef } from 'react'
import { focusWhenDrawn } from './entry-focus.ts'
import { type Item, indexOfEvent } from './items.ts'
import { openEntry } from './opened.ts'
import type { ChainStream } from './use-chain-stream.ts'
import type { StreamView } from './use-stream-view.ts'

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
  view: StreamView,
  leaveEnd: () => void
): void {
  const done = useRef<Target | null>(null)
  const { reveal } = stream
  useEffect(() => {
    if (target === null || done.current === target) return
    const { runId, seq, open, focus } = target
    if (seq === undefined) {
      done.current = target
      const index = items.findIndex(item => item.type !== 'live' && item.run.id === runId)
      if (index < 0) return
      leaveEnd()
      return view.scrollToIndex(index, { align: 'start' })
    }
    if (!reveal(runId, seq)) return
    const found = indexOfEvent(items, runId, seq)
    // The first event may show nothing itself.
    const index = found < 0 && seq === 1 ? 0 : found
    const item = items[index]
    if (!item) return
    leaveEnd()
    if (open) openEntry(item.key)
    // The event lies in a fold: with the next items it has an entry of its own.
    if (!(open && item.type === 'fold')) done.current = target
    // Leaving the end changes how entries are placed: only then is there a place to scroll to.
    requestAnimationFrame(() => view.scrollToIndex(index, { align: 'center' }))
    if (focus) focusWhenDrawn(item.key)
  }, [target, items, reveal, view, leaveEnd])
}
