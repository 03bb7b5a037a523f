import { X } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { IconButton } from './button.tsx'
import styles from './full-screen.module.css'
import { useModal } from './use-modal.ts'

interface Props {
  title: string
  /** Controls beside the title. */
  tools?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** A modal that takes the window: for what is too large to be read where it stands. */
export function FullScreen({ title, tools, onClose, children }: Props) {
  const { ref, close } = useModal()
  const heading = useId()
  return (
    <dialog ref={ref} className={styles.screen} aria-labelledby={heading} onClose={onClose}>
      <header className={styles.bar}>
        <h2 id={heading} className="truncate">
          {title}
        </h2>
        <span className={styles.tools}>
          {tools}
          <IconButton icon={X} label="Close" onClick={close} />
        </span>
      </header>
      {children}
    </dialog>
  )
}
