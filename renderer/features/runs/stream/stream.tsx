// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a log must be reachable and scrollable by keyboard
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Run } from '#contract/runs'
import { count } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { answerByKey } from '../../../parts/approval-answer.tsx'
import { Glyph } from '../../../ui/glyph.tsx'
import { Key } from '../../../ui/key.tsx'
import { EntryView } from '../rows/entry-view.tsx'
import { estimate, type Item, itemsOf } from './items.ts'
import { useOpenedKeys } from './opened.ts'
import styles from './stream.module.css'
import { useAnnouncements } from './use-announcements.ts'
import type { ChainStream } from './use-chain-stream.ts'

/** Nearer to the end than this counts as being there. */
const endThreshold = 48
/** Nearer to the beginning than this loads what lies above. */
const topThreshold = 600

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
  const { segments, logs } = stream
  const items = useMemo(() => itemsOf(segments, opened), [segments, opened])
  const [following, setFollowing] = useState(true)
  const [seen, setSeen] = useState(run.lastSeq)
  const view = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimate(items[index]),
    getItemKey: index => items[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
    overscan: 6,
    paddingStart: 10,
    paddingEnd: 14,
    initialOffset: () => Number.MAX_SAFE_INTEGER
  })
  const visible = view.getVirtualItems()
  const lastTop = useRef(0)
  useAnnouncements(run, items)

  const readPosition = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= endThreshold
    // Growing content leaves the end behind for a moment; only the reader goes up.
    const wentUp = element.scrollTop < lastTop.current
    lastTop.current = element.scrollTop
    if (atEnd || wentUp) {
      setFollowing(atEnd)
      logs.setFollowing(atEnd)
    }
    if (element.scrollTop < topThreshold && stream.hasAbove) stream.loadAbove()
  }, [logs, stream])

  // A view that is too short to scroll would never ask for what lies above.
  const loadedTop = items[0]?.key
  useEffect(() => {
    const element = scroller.current
    if (element && loadedTop !== undefined && element.scrollHeight <= element.clientHeight && stream.hasAbove) {
      stream.loadAbove()
    }
  }, [loadedTop, stream])

  // What was just measured may be higher than was guessed.
  const height = view.getTotalSize()
  useLayoutEffect(() => {
    if (height > 0 && logs.peek(run.id)?.following) view.scrollToEnd()
  }, [height, logs, run.id, view])

  // The composer grows and the window changes: the virtualizer does not keep the end for that.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (logs.peek(run.id)?.following ?? true) view.scrollToEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [logs, run.id, view])

  useEffect(() => {
    if (following) setSeen(run.lastSeq)
  }, [following, run.lastSeq])

  const firstVisible = visible.find(item => item.end > (view.scrollOffset ?? 0) + 60)
  const spied = following ? run.id : runOf(items[firstVisible?.index ?? 0])
  useEffect(() => {
    if (spied) onSpy(spied)
  }, [spied, onSpy])

  const itemsNow = useRef(items)
  itemsNow.current = items
  useEffect(() => {
    if (!target) return
    const index = itemsNow.current.findIndex(item => runOf(item) === target.runId)
    if (index >= 0) view.scrollToIndex(index, { align: 'start' })
  }, [target, view])

  const jump = useCallback(async () => {
    await stream.catchUp()
    view.scrollToEnd()
    setFollowing(true)
    logs.setFollowing(true)
  }, [stream, view, logs])

  const focusEntry = useCallback(
    (index: number) => {
      const key = itemsNow.current[index]?.key
      if (key === undefined) return
      view.scrollToIndex(index, { align: 'auto' })
      requestAnimationFrame(() => entryElement(key)?.focus({ preventScroll: true }))
    },
    [view]
  )
  const move = (by: number) => {
    const current = document.activeElement?.closest<HTMLElement>('[data-entry]')?.dataset.entry
    const at = items.findIndex(item => item.key === current)
    const from = at < 0 ? (by > 0 ? (firstVisible?.index ?? 0) - 1 : items.length) : at
    focusEntry(Math.max(0, Math.min(items.length - 1, from + by)))
  }
  const waitingAt = items.findIndex(item => item.type === 'row' && item.row.type === 'approval' && !item.row.decision)
  useHotkeys([
    { keys: 'j', label: 'Next event', run: () => move(1) },
    { keys: 'k', label: 'Previous event', run: () => move(-1) },
    {
      keys: 'End',
      label: 'Latest event',
      run: () => void jump().then(() => focusEntry(waitingAt < 0 ? itemsNow.current.length - 1 : waitingAt))
    },
    { keys: 'Home', label: 'First event loaded', run: () => focusEntry(0) },
    ...(waitingAt < 0 ? [] : answerKeys)
  ])

  const fresh = Math.max(0, run.lastSeq - seen)
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroll}
        role="log"
        aria-live="off"
        aria-label="Events of the run"
        tabIndex={0}
        onScroll={readPosition}
      >
        <div className={styles.body} style={{ height }}>
          {visible.map(({ key, index, start }) => {
            const item = items[index]
            return (
              item && (
                <div
                  key={key}
                  ref={view.measureElement}
                  data-index={index}
                  className={styles.entry}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <EntryView item={item} onLoadAbove={stream.loadAbove} />
                </div>
              )
            )
          })}
        </div>
      </div>
      {!following && (fresh > 0 || waitingAt >= 0 || stream.behind) && (
        <JumpPill fresh={fresh} waiting={waitingAt >= 0} onJump={() => void jump()} />
      )}
    </div>
  )
}

/** They act only where the request itself has the focus. */
const answerKeys = [
  { keys: 'a', label: 'Allow once (request focused)', run: answerFocused },
  { keys: 'A', label: 'Always allow… (request focused)', run: answerFocused },
  { keys: 'd', label: 'Deny (request focused)', run: answerFocused }
]

function answerFocused(event: KeyboardEvent): void {
  const region = document.activeElement?.closest<HTMLElement>('[data-request]') ?? null
  const entry = document.activeElement?.closest<HTMLElement>('[data-entry]')
  answerByKey(region ?? entry?.querySelector<HTMLElement>('[data-request]') ?? null, event.key)
}

function entryElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`)
}

function runOf(item: Item | undefined): string | undefined {
  if (!item) return undefined
  if (item.type === 'older') return item.runId
  return item.type === 'live' ? undefined : item.run.id
}

function JumpPill({ fresh, waiting, onJump }: { fresh: number; waiting: boolean; onJump: () => void }) {
  return (
    <button type="button" className={styles.jump} data-waiting={waiting || undefined} onClick={onJump}>
      {waiting && <Glyph tone="waiting" />}
      <span>
        {waiting
          ? 'Waiting for you, jump to latest'
          : fresh > 0
            ? `${count(fresh, 'new event')}, jump to latest`
            : 'Jump to latest'}
      </span>
      <ArrowDown size={14} aria-hidden />
      <Key>End</Key>
    </button>
  )
}
