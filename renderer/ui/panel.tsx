import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useHotkeys } from '../lib/hotkeys.ts'
import { useNarrow } from '../lib/narrow.ts'
import { IconButton } from './button.tsx'
import styles from './panel.module.css'

interface Props {
  /** Its name, also for the key that closes it: Close the entry. */
  label: string
  title: ReactNode
  /** In its head, ahead of the button that closes it. */
  actions?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** All of one thing, beside the list that it stands in; in its place where there is one column. */
export function Panel({ label, title, actions, onClose, children }: Props) {
  const panel = useRef<HTMLElement>(null)
  const narrow = useNarrow()
  useHotkeys([{ keys: 'Escape', label: `Close the ${label.toLowerCase()}`, run: onClose }])
  useEffect(() => {
    // A field in it may have taken it already.
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus()
  }, [])
  return (
    <aside ref={panel} className={styles.panel} tabIndex={-1} aria-label={label}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {actions}
        {!narrow && <IconButton icon={X} label="Close" onClick={onClose} />}
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  )
}

/** A list and what is open of it, beside each other. */
export function WithPanel({ children }: { children: ReactNode }) {
  return <div className={styles.both}>{children}</div>
}
