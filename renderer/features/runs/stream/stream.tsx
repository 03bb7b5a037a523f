// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a log must be reachable and scrollable by keyboard
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import type { Run } from '#contract/runs'
import { Button } from '../../../ui/button.tsx'
import { EntryView } from '../rows/entry-view.tsx'
import { estimate, type Item, itemsOf } from './items.ts'
import { JumpPill } from './jump-pill.tsx'
import { useOpenedKeys } from './opened.ts'
import styles from './stream.module.css'
import { useAnnouncements } from './use-announcements.ts'
import type { ChainStream } from './use-chain-stream.ts'
import { isWaiting, useEntryKeys } from './use-entry-keys.ts'
import { endThreshold, useFilledView, useFollow } from './use-follow.ts'

/** Room for the button above the first entry. It is no entry: the reader's place is kept by entries. */
const aboveHeight = 44

interface Props {
  run: Run
  stream: ChainStream
  /** The run whose events are at the top of the view, for the chain strip. */
  onSpy: (runId: string) => void
  /** Set by the strip: scroll to the beginning of this run. */
  target: { runId: string } | null
}

/** Everything the agents of this chain did, one line each. It follows its end until the reader scrolls up. */
export function Stream({ run, stream, onSpy, target }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const opened = useOpenedKeys()
  const items = useMemo(() => itemsOf(stream.segments, opened), [stream.segments, opened])
  const view = useVirtualizer<HTMLDivElement, Element>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimate(items[index]),
    getItemKey: index => items[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
    overscan: 6,
    paddingStart: stream.hasAbove ? aboveHeight : 10,
    paddingEnd: 14,
    initialOffset: () => Number.MAX_SAFE_INTEGER
  })
  const shown = view.getVirtualItems()
  const top = shown.find(item => item.end > (view.scrollOffset ?? 0) + aboveHeight)?.index ?? 0
  const { following, fresh, onScroll, jump } = useFollow(run, stream, scroller, view)
  useFilledView(stream, scroller, items[0]?.key)
  useEntryKeys(items, view, top, jump)
  useAnnouncements(run, items)

  const spied = following ? run.id : runOf(items[top])
  useEffect(() => {
    if (spied) onSpy(spied)
  }, [spied, onSpy])
  const itemsNow = useRef(items)
  itemsNow.current = items
  useEffect(() => {
    const index = itemsNow.current.findIndex(item => target !== null && runOf(item) === target.runId)
    if (index >= 0) view.scrollToIndex(index, { align: 'start' })
  }, [target, view])

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
          {shown.map(({ key, index, start }) => {
            const item = items[index]
            const style = { transform: `translateY(${start}px)` }
            return (
              item && (
                <div key={key} ref={view.measureElement} data-index={index} className={styles.entry} style={style}>
                  <EntryView item={item} />
                </div>
              )
            )
          })}
        </div>
      </div>
      {!following && (fresh > 0 || waiting || stream.behind) && (
        <JumpPill fresh={fresh} waiting={waiting} onJump={() => void jump()} />
      )}
    </div>
  )
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
