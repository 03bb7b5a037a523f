import type { ReactNode } from 'react'
import styles from './settings.module.css'

interface Props {
  title: string
  note?: ReactNode
  children: ReactNode
}

/** One thing that is set: what it is, and beside it how it is. */
export function Setting({ title, note, children }: Props) {
  return (
    <section className={styles.setting} aria-label={title}>
      <div>
        <h2>{title}</h2>
        {note && <p className={styles.note}>{note}</p>}
      </div>
      <div className={styles.value}>{children}</div>
    </section>
  )
}
