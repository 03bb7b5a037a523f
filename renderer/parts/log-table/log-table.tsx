// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { useEffect, useId, useRef } from 'react'
import { useNarrow } from '../../lib/narrow.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { FreshRows } from '../../ui/fresh-rows.tsx'
import { GroupHead } from '../../ui/groups/group-head.tsx'
import { useGroupedRows } from '../../ui/groups/grouped-rows.ts'
import { useHolding } from './holding.ts'
import { linesOf } from './lines.ts'
import { type LogColumn, LogHeads, LogRow } from './log-row.tsx'
import styles from './log-table.module.css'
import { useMoving } from './moving.ts'

const headHeight = 30
const groupHeight = 30

interface Props<Item> {
  /** Of the grid; `one`: of a row, in the list of keys. */
  label: string
  one: string
  /** Gives the columns their places. */
  className: string | undefined
  columns: readonly LogColumn<Item>[]
  items: readonly Item[]
  idOf: (item: Item) => string
  hrefOf: (item: Item) => string
  /** What stands above those that it is the same for; without it nothing does. */
  groupOf?: (item: Item) => string
  /** It waits for who reads. */
  isUrgent?: (item: Item) => boolean
  /** Id of the one that is open. */
  chosen: string | null
  /** Of a row, in px. */
  heights: { compact: number; comfortable: number; narrow: number }
  /** Without the words above the columns. */
  headless?: true
  total: number
  /** The last loaded row came near. */
  onEnd: () => void
  /** Keys of the page may act on the row that has the focus. */
  onFocus?: (id: string) => void
  /** How many came since, in words; null: none. */
  fresh: string | null
  /** Brings in what came since: asked for at once while nobody reads, else by the reader. */
  onFresh: () => void
}

/** Records, newest first, as a grid with one stop of the tab key: arrows or J and K move inside it. Only what is in view is drawn. */
export function LogTable<Item>(props: Props<Item>) {
  const { label, columns, items, idOf, hrefOf, chosen, className = '', total, fresh, onFresh, onEnd } = props
  const { holds, hold, release } = useHolding()
  const scroller = useRef<HTMLDivElement>(null)
  const height = useHeight(props.heights)
  const heads = useNarrow() || props.headless ? 0 : headHeight
  const id = useId()
  const lines = linesOf(items, idOf, props.groupOf)
  const { rows, sticky } = useGroupedRows(scroller, lines, { heads, group: groupHeight, row: height })
  const drawn = rows.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastDrawn >= lines.length - 20) onEnd()
  }, [lastDrawn, lines.length, onEnd])
  useEffect(() => {
    if (fresh !== null && !holds) onFresh()
  }, [fresh, holds, onFresh])
  const toIndex = (at: number) => rows.scrollToIndex(lines.findIndex(line => line.type === 'item' && line.index === at))
  const drawnIds = drawn.flatMap(({ index }) => (lines[index]?.type === 'item' ? lines[index].id : []))
  const { stop, onKeyDown, onFocus } = useMoving({ ...props, id, toIndex, drawn: drawnIds })
  const showFresh = () => {
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
        aria-label={label}
        aria-rowcount={total + 1}
        onKeyDown={onKeyDown}
        onScroll={event => hold({ scrolled: event.currentTarget.scrollTop > 0 })}
      >
        <LogHeads columns={columns} className={className} hidden={heads === 0} />
        <div className={styles.body} style={{ height: rows.getTotalSize() }} role="rowgroup">
          {drawn.map(({ key, index, start }) => {
            const line = lines[index]
            const top = start - heads
            if (line?.type === 'head')
              return (
                <GroupHead key={key} columns={columns.length} top={top} stuck={index === sticky ? heads : null}>
                  <b>{line.title}</b>
                </GroupHead>
              )
            return (
              line && (
                <LogRow
                  key={key}
                  {...{ id: id + line.id, item: line.item, columns, className, top, height }}
                  index={line.index}
                  href={hrefOf(line.item)}
                  chosen={line.id === chosen}
                  urgent={props.isUrgent?.(line.item) ?? false}
                  stop={line.id === stop}
                  onFocus={() => {
                    onFocus(line.id)
                    props.onFocus?.(line.id)
                  }}
                />
              )
            )
          })}
        </div>
      </div>
      {fresh !== null && holds && <FreshRows onShow={showFresh}>{fresh}</FreshRows>}
    </div>
  )
}

function useHeight({ compact, comfortable, narrow }: Props<unknown>['heights']): number {
  const density = usePreferences(state => state.density)
  if (useNarrow()) return narrow
  return density === 'comfortable' ? comfortable : compact
}
