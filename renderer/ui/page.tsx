import type { ReactNode } from 'react'
import styles from './page.module.css'

/** The 48 px bar on top of every page. */
export function Bar({ children }: { children: ReactNode }) {
  return <header className={styles.bar}>{children}</header>
}

export function Title({ children }: { children: ReactNode }) {
  return <h1 className={styles.title}>{children}</h1>
}

/** Pushes what follows to the far side. */
export function Gap() {
  return <span className={styles.gap} />
}
