import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'
import styles from './full-screen.module.css'

interface Props {
  title: string
  /** Controls beside the title. */
  tools?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** A modal that takes the window: for what is too large to be read where it stands. */
export function FullScreen({ title, tools, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={ref} className={styles.screen} aria-labelledby={heading} onClose={onClose}>
      <header className={styles.bar}>
        <h2 id={heading} className="truncate">
          {title}
        </h2>
        <span className={styles.tools}>
          {tools}
          <IconButton icon={X} label="Close" onClick={() => ref.current?.close()} />
        </span>
      </header>
      {children}
    </dialog>
  )
}
