import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Run } from '#contract/runs'
import type { ChainStream } from './use-chain-stream.ts'

/** Nearer to the end than this, in px, counts as being there. */
export const endThreshold = 48
/** Nearer to the beginning than this loads what lies above. */
const topThreshold = 600

export type StreamScroller = RefObject<HTMLDivElement | null>
export type StreamView = Virtualizer<HTMLDivElement, Element>

interface Follow {
  /** The end stays in view while it grows. */
  following: boolean
  /** Events that came since the reader left the end. */
  fresh: number
  onScroll: () => void
  jump: () => Promise<void>
}

/** Keeps the end in view until the reader goes up, and never moves a reader. */
export function useFollow(run: Run, stream: ChainStream, scroller: StreamScroller, view: StreamView): Follow {
  const { logs } = stream
  const [following, setFollowing] = useState(true)
  const [seen, setSeen] = useState(run.lastSeq)
  const lastTop = useRef(0)
  const follow = useCallback(
    (on: boolean) => {
      setFollowing(on)
      logs.setFollowing(on)
    },
    [logs]
  )
  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= endThreshold
    // Growing content leaves the end behind for a moment; only the reader goes up.
    const wentUp = element.scrollTop < lastTop.current
    lastTop.current = element.scrollTop
    if (atEnd || wentUp) follow(atEnd)
    if (element.scrollTop < topThreshold && stream.hasAbove) stream.loadAbove()
  }, [scroller, follow, stream])

  useEffect(() => {
    if (following) setSeen(run.lastSeq)
  }, [following, run.lastSeq])
  useKeptEnd(run.id, stream, scroller, view)

  const jump = useCallback(async () => {
    await stream.catchUp()
    view.scrollToEnd()
    follow(true)
  }, [stream, view, follow])
  return { following, fresh: Math.max(0, run.lastSeq - seen), onScroll, jump }
}

/** Holds the end where the virtualizer alone would lose it. */
function useKeptEnd(runId: string, { logs }: ChainStream, scroller: StreamScroller, view: StreamView): void {
  // What was just measured may be higher than was guessed.
  const height = view.getTotalSize()
  useLayoutEffect(() => {
    if (height > 0 && logs.peek(runId)?.following) view.scrollToEnd()
  }, [height, logs, runId, view])

  // The composer grows and the window changes size.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (logs.peek(runId)?.following ?? true) view.scrollToEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [logs, runId, scroller, view])
}

/** A view that is too short to scroll would never ask for what lies above. */
export function useFilledView(stream: ChainStream, scroller: StreamScroller, firstKey: string | undefined): void {
  useEffect(() => {
    const element = scroller.current
    if (element && firstKey !== undefined && element.scrollHeight <= element.clientHeight && stream.hasAbove) {
      stream.loadAbove()
    }
  }, [firstKey, stream, scroller])
}
