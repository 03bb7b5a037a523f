import { type TouchEvent, useRef } from 'react'
import type { TaskStatus } from '#contract/work/tasks'
import { Glyph } from '../../ui/glyph.tsx'
import type { ColumnOfTasks } from './queries.ts'
import { type BoardProps, TaskBoard } from './task-board.tsx'
import { columnOf } from './task-moves.ts'
import styles from './tasks-page.module.css'

const swipePx = 60
const panel = 'task-column'

/** Where one looks first: at what waits, else at what runs. */
function openedFirst(columns: readonly ColumnOfTasks[]): TaskStatus {
  return columns.some(({ status, total }) => status === 'waiting' && total > 0) ? 'waiting' : 'running'
}

/** One column at a time, chosen by its tab or by a swipe. */
export function NarrowColumns(props: BoardProps) {
  const { columns, filters } = props
  const chosen = filters.column ?? openedFirst(columns)
  const at = columns.findIndex(column => column.status === chosen)
  const start = useRef<{ x: number; y: number } | null>(null)
  const go = (to: number) => {
    const next = columns[to]
    if (next) filters.set('column', next.status)
    return next
  }
  const onTouchEnd = (event: TouchEvent) => {
    const touch = event.changedTouches[0]
    if (!touch || !start.current) return
    const x = touch.clientX - start.current.x
    if (Math.abs(x) > swipePx && Math.abs(x) > 2 * Math.abs(touch.clientY - start.current.y)) go(at + (x < 0 ? 1 : -1))
  }
  return (
    <>
      <div
        className={styles.tabs}
        role="tablist"
        aria-label="Columns"
        onKeyDown={event => {
          const next = go(at + ({ ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? Number.NaN))
          if (next) document.getElementById(`tab-${next.status}`)?.focus()
        }}
      >
        {columns.map(({ status, total }) => (
          <button
            key={status}
            id={`tab-${status}`}
            type="button"
            role="tab"
            className={styles.tab}
            aria-selected={status === chosen}
            aria-controls={panel}
            tabIndex={status === chosen ? 0 : -1}
            onClick={() => filters.set('column', status)}
          >
            <span>
              <Glyph tone={columnOf(status).tone} /> {total.toLocaleString('en-US')}
            </span>
            <span>{columnOf(status).title}</span>
          </button>
        ))}
      </div>
      <div
        id={panel}
        role="tabpanel"
        aria-labelledby={`tab-${chosen}`}
        className={styles.panel}
        onTouchStart={event => {
          const touch = event.touches[0]
          start.current = touch ? { x: touch.clientX, y: touch.clientY } : null
        }}
        onTouchEnd={onTouchEnd}
      >
        <TaskBoard {...props} only={chosen} />
      </div>
    </>
  )
}
