import { Plus } from 'lucide-react'
import { type DragEvent, type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import type { Task, TaskStatus } from '#contract/work/tasks'
import { count } from '../../lib/format.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import type { ColumnOfTasks } from './queries.ts'
import { type CardFacts, TaskCard } from './task-card.tsx'
import type { TaskFilters } from './task-filters.ts'
import { TaskMenu } from './task-menu.tsx'
import { columnOf, moveOf } from './task-moves.ts'
import styles from './tasks-page.module.css'
import { useLifting } from './use-lifting.ts'
import type { Moving } from './use-moving.ts'

export interface BoardProps {
  columns: readonly ColumnOfTasks[]
  facts: CardFacts
  filters: TaskFilters
  shown: string | undefined
  moving: Moving
  readOnly: string | null
}

/** `only`: one column takes the page, as on a phone. */
export function TaskBoard({
  columns,
  facts,
  filters,
  shown,
  moving,
  readOnly,
  only
}: BoardProps & { only?: TaskStatus }) {
  const drawn = columns.filter(column => only === undefined || column.status === only)
  const byStatus = new Map(drawn.map(({ status, tasks }) => [status, tasks]))
  const { lifted, onKeyDown, onFocus } = useLifting(byStatus, moving.move)
  const [dragged, setDragged] = useState<Task | null>(null)
  const held = lifted?.task ?? dragged
  const drop = (to: TaskStatus) => {
    if (dragged) moving.move(dragged, to)
    setDragged(null)
  }
  const card = (task: Task) => (
    <TaskCard
      key={task.id}
      {...facts}
      task={task}
      href={filters.addressOf(task.id)}
      shown={task.id === shown}
      lifted={lifted?.task.id === task.id}
      busy={moving.busy[task.id]}
      movable={!readOnly}
      onKeyDown={onKeyDown(task, !readOnly && moving.busy[task.id] === undefined)}
      onFocus={() => onFocus(task)}
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', `T-${task.number}`)
        setDragged(task)
      }}
      menu={!readOnly && <TaskMenu task={task} moving={moving} />}
    />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the end of a drag reaches it from the card, which has its keys
    <div className={styles.board} data-only={only} onDragEnd={() => setDragged(null)}>
      <p id="card-keys" className="hidden-label">
        Space lifts the card, arrows choose a column, Space drops it, Escape leaves it.
      </p>
      {drawn.map(column => (
        <Column
          key={column.status}
          column={withLifted(column, lifted)}
          refused={held && held.status !== column.status ? refusalOf(held, column.status) : null}
          onDrop={dragged && moveOf(dragged, column.status).does !== 'nothing' ? () => drop(column.status) : undefined}
          bare={only !== undefined}
          newAt={readOnly || column.status !== 'pending' ? null : filters.newAddress(column.status)}
        >
          {withLifted(column, lifted).tasks.map(card)}
        </Column>
      ))}
    </div>
  )
}

function refusalOf(task: Task, to: TaskStatus): string | null {
  const { does, words } = moveOf(task, to)
  return does === 'nothing' ? words : null
}

/** What is held stands above the column where it would be dropped. */
function withLifted(column: ColumnOfTasks, lifted: { task: Task; to: TaskStatus } | null): ColumnOfTasks {
  if (!lifted || lifted.to === lifted.task.status) return column
  const current = column.tasks.find(one => one.id === lifted.task.id)
  if (current) return { ...column, tasks: column.tasks.filter(one => one !== current) }
  return lifted.to === column.status ? { ...column, tasks: [lifted.task, ...column.tasks] } : column
}

interface ColumnProps {
  column: ColumnOfTasks
  /** Why what is held cannot be dropped here. */
  refused: string | null
  onDrop: (() => void) | undefined
  bare: boolean
  newAt: string | null
  children: ReactNode
}

function Column({ column, refused, onDrop, bare, newAt, children }: ColumnProps) {
  const [over, setOver] = useState(false)
  const [, navigate] = useLocation()
  const { title, tone } = columnOf(column.status)
  const name = `${title}, ${count(column.total, 'task')}`
  const dragOver = (event: DragEvent) => {
    if (!onDrop) return
    event.preventDefault()
    setOver(true)
  }
  return (
    <section
      className={styles.column}
      aria-label={name}
      data-over={(over && onDrop !== undefined) || undefined}
      data-refused={refused !== null || undefined}
      onDragOver={dragOver}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        onDrop?.()
      }}
    >
      {!bare && (
        <header className={styles.head}>
          <Glyph tone={tone} />
          <h2>{title}</h2>
          <span className={styles.count}>{column.total.toLocaleString('en-US')}</span>
          {newAt !== null && <IconButton icon={Plus} label="New task" onClick={() => navigate(newAt)} />}
        </header>
      )}
      {refused !== null && <p className={styles.refused}>{refused}</p>}
      <ol className={styles.cards}>
        {children}
        {column.more && (
          <li>
            <Button small look="ghost" onClick={column.more}>
              Show more of {column.total.toLocaleString('en-US')}
            </Button>
          </li>
        )}
        {bare && column.tasks.length === 0 && <li className={styles.nothing}>No task is {title.toLowerCase()}.</li>}
      </ol>
    </section>
  )
}
