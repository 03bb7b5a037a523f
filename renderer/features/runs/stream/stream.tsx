// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a log must be reachable and scrollable by keyboard
import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { type CSSProperties, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { Run } from '#contract/runs'
import { Button } from '../../../ui/button.tsx'
import { EntryView } from '../rows/entry-view.tsx'
import { useHighlights } from '../search/use-highlights.ts'
import type { EventFilter } from './event-filter.ts'
import { estimate, type Item, indexOfEvent, itemsOf } from './items.ts'
import { JumpPill } from './jump-pill.tsx'
import { useOpenedKeys } from './opened.ts'
import styles from './stream.module.css'
import { useAnnouncements } from './use-announcements.ts'
import type { ChainStream } from './use-chain-stream.ts'
import { isWaiting, useEntryKeys } from './use-entry-keys.ts'
import { type StreamView, useFilledView, useFollow } from './use-follow.ts'
import { type Target, useJump } from './use-jump.ts'

/** Room for the button above the first entry. It is no entry: the reader's place is kept by entries. */
const aboveHeight = 44

/** By the observer alone, once layout is done: to ask an entry for its height as it appears would force a layout for each. */
function sizeOf(element: Element, entry: ResizeObserverEntry | undefined, view: StreamView) {
  const [box] = entry?.borderBoxSize ?? []
  if (box) return Math.round(box.blockSize)
  const index = view.indexFromElement(element)
  return view.itemSizeCache.get(view.options.getItemKey(index)) ?? view.options.estimateSize(index)
}

/** As in the style sheet. */
const paddingEnd = 14

interface Props {
  run: Run
  stream: ChainStream
  /** The run whose events are at the top of the view, for the chain strip. */
  onSpy: (runId: string) => void
  /** Set by strip, ribbon and search. */
  target: Target | null
  filter: EventFilter
  /** What is looked for, and the event of the hit that is shown. */
  words: string
  hit: number | null
}

/** Everything the agents of this chain did, one line each. It follows its end until the reader scrolls up. */
export function Stream({ run, stream, onSpy, target, filter, words, hit }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const opened = useOpenedKeys()
  const items = useMemo(() => itemsOf(stream.segments, { opened, filter }), [stream.segments, opened, filter])
  const [following, setFollowing] = useState(true)
  const tail = useRef<Tail>({ items: [], indexes: [] })
  const view: StreamView = useVirtualizer<HTMLDivElement, Element>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimate(items[index]),
    getItemKey: index => items[index]?.key ?? index,
    // The end is kept by the layout itself; a reader's place by the entries around it.
    anchorTo: following ? 'start' : 'end',
    useFlushSync: !following,
    measureElement: sizeOf,
    rangeExtractor: following ? () => tailOf(items, view, tail) : defaultRangeExtractor,
    overscan: 3,
    paddingStart: stream.hasAbove ? aboveHeight : 10,
    paddingEnd,
    initialOffset: () => Number.MAX_SAFE_INTEGER
  })
  const shown = view.getVirtualItems()
  const top = shown.find(item => item.end > (view.scrollOffset ?? 0) + aboveHeight)?.index ?? 0
  const { fresh, onScroll, leaveEnd, jump } = useFollow({ run, stream, scroller, view, following, setFollowing })
  useFilledView(stream, scroller, items[0]?.key)
  useJump(target, items, stream, view, leaveEnd)
  const current = hit === null ? undefined : items[indexOfEvent(items, run.id, hit)]
  useHighlights(scroller, words, current?.key ?? null)
  useEntryKeys(items, view, top, jump)
  useAnnouncements(run, items)

  const spied = following ? run.id : runOf(items[top])
  useEffect(() => {
    if (spied) onSpy(spied)
  }, [spied, onSpy])

  const waiting = items.some(isWaiting)
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroll}
        role="log"
        aria-live="off"
        aria-label="Events of the run"
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className={styles.body} style={{ height: view.getTotalSize() }}>
          {stream.hasAbove && <Above stream={stream} />}
          <div className={styles.entries} data-following={following || undefined} style={placed(following, shown)}>
            {shown.map(({ key, index }) => {
              const item = items[index]
              return (
                item && (
                  <div key={key} ref={view.measureElement} data-index={index}>
                    <EntryView item={item} />
                  </div>
                )
              )
            })}
          </div>
        </div>
      </div>
      {!following && (fresh > 0 || waiting || stream.behind) && (
        <JumpPill fresh={fresh} waiting={waiting} onJump={() => void jump()} />
      )}
    </div>
  )
}

/** Entries lie in the flow below the first one. At the end they stand on it, whatever their heights turn out to be. */
function placed(following: boolean, shown: readonly VirtualItem[]): CSSProperties | undefined {
  return following ? undefined : { transform: `translateY(${shown[0]?.start ?? 0}px)` }
}

/** Drawn beyond the upper edge while the end is followed, in px. */
const reserve = 80

interface Tail {
  items: readonly Item[]
  indexes: number[]
}

/** The last entries, as many as fill the view: what was appended is drawn at once, not after scrolling to it. */
function tailOf(items: readonly Item[], view: StreamView, last: RefObject<Tail>): number[] {
  const height = view.scrollRect?.height ?? 0
  const heightAt = (index: number) => {
    const item = items[index]
    return (item && view.itemSizeCache.get(item.key)) ?? estimate(item)
  }
  // What is drawn changes with the items, not with their measures, unless they turned out too low.
  const { indexes } = last.current
  const drawn = indexes.reduce((sum, index) => sum + heightAt(index), 0)
  if (last.current.items === items && (drawn >= height || indexes[0] === 0)) return indexes
  const found: number[] = []
  let room = height + reserve
  for (let index = items.length - 1; index >= 0 && room > 0; index--) {
    found.unshift(index)
    room -= heightAt(index)
  }
  last.current = { items, indexes: found }
  return found
}

function Above({ stream: { loadingAbove, loadAbove } }: { stream: ChainStream }) {
  return (
    <div className={styles.above}>
      <Button small icon={ArrowUp} disabled={loadingAbove} onClick={loadAbove}>
        {loadingAbove ? 'Loading earlier events' : 'Earlier events'}
      </Button>
    </div>
  )
}

function runOf(item: Item | undefined): string | undefined {
  return item === undefined || item.type === 'live' ? undefined : item.run.id
}
