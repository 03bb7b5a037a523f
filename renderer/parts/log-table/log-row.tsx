// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import styles from './log-table.module.css'

export interface LogColumn<Item> {
  title: string
  cell: (item: Item) => ReactNode
  /** Its words open the row. One column has it. */
  opens?: true
}

interface HeadsProps<Item> {
  columns: readonly LogColumn<Item>[]
  className: string
  hidden: boolean
}

export function LogHeads<Item>({ columns, className, hidden }: HeadsProps<Item>) {
  return (
    <div className={hidden ? 'hidden-label' : `${styles.heads} ${className}`} role="row">
      {columns.map(({ title }) => (
        <span key={title} role="columnheader" data-column={title}>
          {title}
        </span>
      ))}
    </div>
  )
}

interface RowProps<Item> {
  id: string
  item: Item
  columns: readonly LogColumn<Item>[]
  className: string
  index: number
  top: number
  height: number
  href: string
  chosen: boolean
  urgent: boolean
  /** The tab key stops here. */
  stop: boolean
  onFocus: () => void
}

export function LogRow<Item>({ id, item, columns, className, index, top, height, ...row }: RowProps<Item>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={row.chosen || undefined}
      data-urgent={row.urgent || undefined}
      className={`${styles.row} ${className}`}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      {columns.map(({ title, cell, opens }) => (
        <span key={title} role="gridcell" data-column={title}>
          {opens ? (
            <Link id={id} href={row.href} className={styles.link} tabIndex={row.stop ? 0 : -1} onFocus={row.onFocus}>
              {cell(item)}
            </Link>
          ) : (
            cell(item)
          )}
        </span>
      ))}
    </div>
  )
}
