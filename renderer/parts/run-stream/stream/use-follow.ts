import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { ChainStream } from './use-chain-stream.ts'
import type { StreamScroller, StreamView } from './use-stream-view.ts'

/** Nearer to the end than this, in px, counts as being there. */
const endThreshold = 48
/** Nearer to the beginning than this loads what lies above. */
const topThreshold = 600

interface FollowProps {
  stream: ChainStream
  scroller: StreamScroller
  view: StreamView
  /** The end stays in view while it grows. */
  following: boolean
  setFollowing: (following: boolean) => void
}

export interface Follow {
  /** Events that came since the reader left the end. */
  fresh: number
  onScroll: () => void
  /** Leaves the end and brings an entry into view. */
  leadTo: (key: string, align: 'auto' | 'start' | 'center') => void
  jump: () => Promise<void>
}

/** Keeps the end in view until the reader goes up, and never moves a reader. */
export function useFollow(props: FollowProps): Follow {
  const { stream, scroller, view, following, setFollowing } = props
  const { logs } = stream
  const { lastSeq } = stream
  const [seen, setSeen] = useState(lastSeq)
  const lastTop = useRef(0)
  const follow = useCallback(
    (on: boolean) => {
      setFollowing(on)
      logs.setFollowing(on)
    },
    [logs, setFollowing]
  )
  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= endThreshold
    // Growing content leaves the end behind for a moment; only the reader goes up.
    const wentUp = element.scrollTop < lastTop.current
    lastTop.current = element.scrollTop
    if (atEnd && stream.behind) stream.loadBelow()
    else if (atEnd || wentUp) follow(atEnd)
    if (element.scrollTop < topThreshold && stream.hasAbove) stream.loadAbove()
  }, [scroller, follow, stream])

  useEffect(() => {
    if (following) setSeen(lastSeq)
  }, [following, lastSeq])
  useKeptEnd(props)

  const leadTo = useCallback<Follow['leadTo']>(
    (key, align) => {
      requestAnimationFrame(() => {
        // In the same frame, and first: what keeps the end would lead back there, and entries are placed in another way.
        flushSync(() => follow(false))
        const index = indexOfKey(view, key)
        if (index >= 0) view.scrollToIndex(index, { align })
      })
    },
    [view, follow]
  )
  const jump = useCallback(async () => {
    await stream.catchUp()
    view.scrollToEnd()
    follow(true)
  }, [stream, view, follow])
  return { fresh: Math.max(0, lastSeq - seen), onScroll, leadTo, jump }
}

/** Where an entry is by now: others may have come above it since it was wanted. */
function indexOfKey({ options }: StreamView, key: string): number {
  for (let index = 0; index < options.count; index++) if (options.getItemKey(index) === key) return index
  return -1
}

/** Holds the end when content or window change their height: by the observer, when layout is done, so that none is forced. */
function useKeptEnd({ scroller, view, following }: FollowProps): void {
  view.shouldAdjustScrollPositionOnItemSizeChange = following ? never : undefined
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || !following) return
    const observer = new ResizeObserver(() => toEnd(element))
    observer.observe(element)
    for (const content of element.children) observer.observe(content)
    return () => observer.disconnect()
  }, [following, scroller])
}

const never = () => false

function toEnd(element: HTMLElement): void {
  // The browser stops at the end by itself; to ask where that is would cost a layout.
  element.scrollTo({ top: Number.MAX_SAFE_INTEGER })
}

/**
 * A view that is too short to scroll would never ask for what lies above or below. By what is known of heights: to ask costs a
 * layout. What could not be loaded is not asked for again before something else is shown.
 */
export function useFilledView(stream: ChainStream, view: StreamView): void {
  const { segments, hasAbove, behind } = stream
  const height = view.scrollRect?.height ?? 0
  const short = height > 0 && view.getTotalSize() <= height
  const edges = [segments[0]?.run.id, segments[0]?.firstSeq, segments.at(-1)?.run.id, segments.at(-1)?.lastSeq].join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown decides, not each drawing of it
  useEffect(() => {
    if (short && hasAbove) stream.loadAbove()
    if (short && behind) stream.loadBelow()
  }, [short, hasAbove, behind, edges])
}
