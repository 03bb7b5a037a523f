import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './selection-bar.module.css'

interface Props {
  label: string
  count: number
  onClear: () => void
  children: ReactNode
}

/** What can be done to what is selected, below its list. */
export function SelectionBar({ label, count, onClear, children }: Props) {
  return (
    <section className={styles.bar} aria-label={label} data-bottom-bar="">
      <b role="status">{count.toLocaleString('en-US')} selected</b>
      {children}
      <Button look="ghost" hotkey="Escape" onClick={onClear}>
        Clear
      </Button>
    </section>
  )
}
