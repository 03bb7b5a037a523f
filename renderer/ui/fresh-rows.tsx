import { ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './fresh-rows.module.css'

/** What came meanwhile is shown when one wants it. */
export function FreshRows({ onShow, children }: { onShow: () => void; children: ReactNode }) {
  return (
    <button type="button" className={styles.fresh} onClick={onShow}>
      <ArrowUp size={14} aria-hidden />
      {children}
    </button>
  )
}
