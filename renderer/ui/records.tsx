import type { CSSProperties, ReactNode } from 'react'
import styles from './records.module.css'

export interface Column<Item> {
  /** Empty for what speaks for itself, such as buttons. */
  title: string
  /** Of a grid, where the columns stand beside each other. */
  width: string
  cell: (item: Item) => ReactNode
}

interface Props<Item> {
  label: string
  columns: readonly Column<Item>[]
  items: readonly Item[]
  keyOf: (item: Item) => string
}

/** Things in rows under named columns. Where there is one column, each value says what it is. */
export function Records<Item>({ label, columns, items, keyOf }: Props<Item>) {
  const grid = { '--columns': columns.map(({ width }) => width).join(' ') } as CSSProperties
  return (
    <div className={styles.records} style={grid}>
      <div className={styles.head} aria-hidden>
        {columns.map(({ title }) => (
          <span key={title}>{title}</span>
        ))}
      </div>
      <ul aria-label={label}>
        {items.map(item => (
          <li key={keyOf(item)} className={styles.row}>
            {columns.map(({ title, cell }) => (
              <div key={title} className={styles.cell}>
                {title !== '' && <span className={styles.name}>{title}: </span>}
                {cell(item)}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}
