// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a log must be reachable and scrollable by keyboard
import type { VirtualItem } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { Button } from '../../../ui/button.tsx'
import { EntryView } from '../rows/entry-view.tsx'
import { useHighlights } from '../search/use-highlights.ts'
import { useKeptFocus } from './entry-focus.ts'
import type { EventFilter } from './event-filter.ts'
import { type Item, indexOfEvent, itemsOf, requestIn } from './items.ts'
import { JumpPill } from './jump-pill.tsx'
import { useOpenedKeys } from './opened.ts'
import styles from './stream.module.css'
import { useAnnouncements } from './use-announcements.ts'
import type { ChainStream } from './use-chain-stream.ts'
import { useEntryKeys } from './use-entry-keys.ts'
import { useFilledView, useFollow } from './use-follow.ts'
import { type Target, useJump } from './use-jump.ts'
import { aboveHeight, useStreamView } from './use-stream-view.ts'

interface Props {
  run: Run
  stream: ChainStream
  /** The run whose events are at the top of the view, for the chain strip. */
  onSpy: (runId: string) => void
  /** Set by strip, ribbon and search. */
  target: Target | null
  filter: EventFilter
  /** What is looked for, and the hit that is shown. */
  words: string
  hit: { runId: string; seq: number } | null
  /** Leads to the first event of the chain. */
  onFirst: () => void
}

/** Everything the agents of this chain did, one line each. It follows its end until the reader scrolls up. */
export function Stream({ run, stream, onSpy, target, filter, words, hit, onFirst }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const opened = useOpenedKeys()
  const items = useMemo(() => itemsOf(stream.segments, { opened, filter }), [stream.segments, opened, filter])
  const [following, setFollowing] = useState(true)
  const view = useStreamView({ items, scroller, following, hasAbove: stream.hasAbove })
  const shown = view.getVirtualItems()
  const top = shown.find(item => item.end > (view.scrollOffset ?? 0) + aboveHeight)?.index ?? 0
  const { fresh, onScroll, leadTo, jump } = useFollow({ stream, scroller, view, following, setFollowing })
  useFilledView(stream, view)
  useJump(target, items, stream, leadTo)
  const current = hit === null ? undefined : items[indexOfEvent(items, hit.runId, hit.seq)]
  useHighlights(scroller, words, current?.key ?? null)
  useEntryKeys({ items, view, first: onFirst, jump, leadTo })
  const keptFocus = useKeptFocus(scroller, items)
  useAnnouncements(run, stream.lastSeq, items)

  const spied = following ? run.id : runOf(items[top])
  useEffect(() => {
    if (spied) onSpy(spied)
  }, [spied, onSpy])

  const waiting = items.some(item => requestIn(item) !== null)
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
        {...keptFocus}
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
