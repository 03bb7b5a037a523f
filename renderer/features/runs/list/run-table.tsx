// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, memo, type RefObject, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { count, duration, exactMoney, spent, titleOf } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { usePreferences } from '../../../lib/preferences.ts'
import { runFolder } from '../../../parts/run-folder.ts'
import { RunStatusText } from '../../../parts/run-status.tsx'
import { reportOf, useRunners } from '../../../parts/runners.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import { useHeldRows } from './held-rows.ts'
import styles from './run-table.module.css'

/** The column heads stay on top of the rows. */
const headHeight = 29
const rowHeight = { compact: 44, comfortable: 52 }

interface Props {
  runs: readonly Run[]
  total: number
  /** The last loaded row came near. */
  onEnd: () => void
}

function useShownRows(scroller: RefObject<HTMLDivElement | null>, runs: readonly Run[], height: number) {
  return useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: index => runs[index]?.id ?? index,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight + 8,
    scrollPaddingEnd: 8
  })
}

/** A grid with one stop of the tab key: arrows or J and K move inside it. */
export function RunTable({ runs: current, total, onEnd }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const { rows: runs, fresh, hold, release } = useHeldRows(current)
  const [focused, setFocused] = useState<string | null>(null)
  const [, navigate] = useLocation()
  const height = rowHeight[usePreferences(state => state.density)]
  const rows = useShownRows(scroller, runs, height)
  const items = rows.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= runs.length - 20) onEnd()
  }, [lastShown, runs.length, onEnd])

  const at = runs.findIndex(run => run.id === focused)
  const move = (by: number) => {
    const next = Math.max(0, Math.min(runs.length - 1, at < 0 ? 0 : at + by))
    const run = runs[next]
    if (!run) return
    setFocused(run.id)
    rows.scrollToIndex(next)
    // The row may only exist after the list scrolled to it.
    requestAnimationFrame(() => document.getElementById(`run-${run.id}`)?.focus())
  }
  useHotkeys([
    { keys: 'j', label: 'Next run', run: () => move(1) },
    { keys: 'k', label: 'Previous run', run: () => move(-1) },
    { keys: 'Enter', label: 'Open run', run: () => at >= 0 && navigate(`/runs/${runs[at]?.id}`) }
  ])
  const showNew = () => {
    release()
    scroller.current?.scrollTo({ top: 0 })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -runs.length, End: runs.length }[event.key]
    if (by === undefined) return
    event.preventDefault()
    move(by)
  }
  return (
    <div
      className={styles.table}
      // Rows or the pill over them, not the empty space below. Entering is not told where the pill went from under the pointer.
      onPointerOver={event => hold({ pointer: event.target !== scroller.current })}
      onPointerLeave={() => hold({ pointer: false })}
    >
      <div
        ref={scroller}
        className={styles.scroll}
        role="grid"
        aria-label="Runs"
        aria-rowcount={total + 1}
        onKeyDown={onKeyDown}
        onScroll={event => hold({ scrolled: event.currentTarget.scrollTop > 0 })}
      >
        <Heads />
        <div className={styles.body} style={{ height: rows.getTotalSize() }} role="rowgroup">
          {items.map(item => {
            const run = runs[item.index]
            return (
              run && (
                <RunRow
                  key={item.key}
                  run={run}
                  index={item.index}
                  top={item.start - headHeight}
                  height={height}
                  stop={focused === null || at < 0 ? item.index === 0 : run.id === focused}
                  onFocus={setFocused}
                />
              )
            )
          })}
        </div>
      </div>
      {fresh > 0 && <NewRuns fresh={fresh} onShow={showNew} />}
    </div>
  )
}

function NewRuns({ fresh, onShow }: { fresh: number; onShow: () => void }) {
  return (
    <button type="button" className={styles.fresh} onClick={onShow}>
      <ArrowUp size={14} aria-hidden />
      {count(fresh, 'new run')}
    </button>
  )
}

const heads = ['Status', 'Run', 'Prompt', 'Runtime', 'Folder', 'Age', 'Time', 'Cost']

function Heads() {
  return (
    <div className={styles.heads} role="row">
      {heads.map(head => (
        <span key={head} role="columnheader" data-column={head}>
          {head}
        </span>
      ))}
    </div>
  )
}

interface RowProps {
  run: Run
  index: number
  top: number
  height: number
  stop: boolean
  onFocus: (id: string) => void
}

const RunRow = memo(function RunRow({ run, index, top, height, stop, onFocus }: RowProps) {
  const runtime = reportOf(useRunners().data?.data, run.runtime, run.runnerId)?.title ?? run.runtime
  const detail = run.error?.message ?? run.statusReason
  const folder = runFolder(run)
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={styles.row}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span role="gridcell" data-column="Status">
        <RunStatusText run={run} />
      </span>
      <span role="gridcell" data-column="Run">
        #{run.number}
      </span>
      <span role="gridcell" data-column="Prompt" className={styles.prompt}>
        <Link
          id={`run-${run.id}`}
          href={`/runs/${run.id}`}
          className={styles.link}
          tabIndex={stop ? 0 : -1}
          onFocus={() => onFocus(run.id)}
        >
          {titleOf(run.input)}
        </Link>
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      <span role="gridcell" data-column="Runtime">
        {runtime}
      </span>
      <span
        role="gridcell"
        data-column="Folder"
        className={styles.folder}
        data-private={folder === 'private' || undefined}
        title={run.cwd ?? undefined}
      >
        {folder}
      </span>
      <span role="gridcell" data-column="Age">
        <Ago ts={run.createdAt} />
      </span>
      <span role="gridcell" data-column="Time">
        <Elapsed run={run} />
      </span>
      <span role="gridcell" data-column="Cost" title={exactMoney(run.costUsd)}>
        {spent(run)}
      </span>
    </div>
  )
})

function Elapsed({ run: { startedAt, durationMs } }: { run: Run }) {
  if (durationMs !== null) return duration(durationMs)
  return startedAt === null ? '–' : <Ticking from={startedAt} />
}
