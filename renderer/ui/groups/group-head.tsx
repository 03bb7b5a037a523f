// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import type { ReactNode } from 'react'
import styles from './group-head.module.css'

interface GroupProps {
  children: ReactNode
  columns: number
  top: number
  /** Where it stays while its group is read; null: it goes with its rows. */
  stuck: number | null
}

/** Above the rows that belong together. */
export function GroupHead({ children, columns, top, stuck }: GroupProps) {
  return (
    <div
      role="row"
      className={styles.group}
      data-stuck={stuck !== null || undefined}
      style={stuck === null ? { transform: `translateY(${top}px)` } : { top: stuck }}
    >
      <span role="gridcell" aria-colspan={columns}>
        {children}
      </span>
    </div>
  )
}
