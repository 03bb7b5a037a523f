// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { count } from '../../../lib/format.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { usePreferences } from '../../../lib/preferences.ts'
import { useRowKeys } from '../../../lib/row-keys.ts'
import { FreshRows } from '../../../ui/fresh-rows.tsx'
import { GroupHead } from '../../../ui/groups/group-head.tsx'
import { type RowHeights, useGroupedRows } from '../../../ui/groups/grouped-rows.ts'
import { useHeldLines } from './held-rows.ts'
import type { Line } from './run-groups.ts'
import { RunRow } from './run-row.tsx'
import styles from './run-table.module.css'

/** The column heads stay on top of the rows; a finger needs none. */
const headHeight = 29
const groupHeight = 30
const rowHeight = { compact: 36, comfortable: 44 }
const narrowHeight = 76

interface Props {
  lines: readonly Line[]
  total: number
  /** The last loaded row came near. */
  onEnd: () => void
}

function useHeights(): RowHeights {
  const density = usePreferences(state => state.density)
  return useNarrow()
    ? { heads: 0, group: groupHeight, row: narrowHeight }
    : { heads: headHeight, group: groupHeight, row: rowHeight[density] }
}

/** A grid with one stop of the tab key: arrows or J and K move inside it. */
export function RunTable({ lines: current, total, onEnd }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const { lines, fresh, hold, release } = useHeldLines(current)
  const [focused, setFocused] = useState<string | null>(null)
  const [, navigate] = useLocation()
  const heights = useHeights()
  const { rows, sticky } = useGroupedRows(scroller, lines, heights)
  const items = rows.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= lines.length - 20) onEnd()
  }, [lastShown, lines.length, onEnd])
  const runs = lines.flatMap((line, index) => (line.type === 'run' ? [{ id: line.id, index }] : []))
  const { stop, onKeyDown } = useRowKeys({
    ids: runs.map(run => run.id),
    drawn: items.flatMap(({ index }) => (lines[index]?.type === 'run' ? lines[index].id : [])),
    focused,
    onFocus: setFocused,
    one: 'run',
    link: 'run-',
    toIndex: at => rows.scrollToIndex(runs[at]?.index ?? 0),
    open: at => navigate(`/runs/${runs[at]?.id}`),
    page: 12
  })
  const showNew = () => {
    release()
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <div
      className={styles.table}
      // Rows or the pill over them, not the empty space below. Entering is not told where the pill went from under the pointer.
      onPointerOver={event => hold({ pointer: event.pointerType !== 'touch' && event.target !== scroller.current })}
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
            const line = lines[item.index]
            if (!line) return null
            const top = item.start - heights.heads
            return line.type === 'head' ? (
              <Group key={item.key} head={line} top={top} stuck={item.index === sticky ? heights.heads : null} />
            ) : (
              <RunRow
                key={item.key}
                run={line.run}
                index={runs.findIndex(run => run.id === line.id)}
                top={top}
                height={heights.row}
                stop={line.id === stop}
                onFocus={setFocused}
              />
            )
          })}
        </div>
      </div>
      {fresh > 0 && <FreshRows onShow={showNew}>{count(fresh, 'new run')}</FreshRows>}
    </div>
  )
}

interface GroupProps {
  head: Extract<Line, { type: 'head' }>
  top: number
  stuck: number | null
}

function Group({ head: { title, note }, ...place }: GroupProps) {
  return (
    <GroupHead columns={heads.length} {...place}>
      <b>{title}</b> {note}
    </GroupHead>
  )
}

const heads = ['Status', 'Run', 'Prompt and now', 'Runtime', 'Folder', 'Age', 'Took', 'Cost', 'Action']

function Heads() {
  return (
    <div className={styles.heads} role="row">
      {heads.map(head => (
        <span key={head} role="columnheader" data-column={head}>
          {head === 'Action' ? <span className="hidden-label">Action</span> : head}
        </span>
      ))}
    </div>
  )
}
