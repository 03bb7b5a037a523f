import { type ReactNode, useId } from 'react'
import styles from './dialog.module.css'
import { useModal } from './use-modal.ts'

interface Props {
  title: string
  /** Something may have been typed into it: a click beside it does not close it. */
  typed?: boolean
  onClose: () => void
  children: ReactNode
}

/** Something to fill in or to confirm. */
export function Dialog({ title, typed, onClose, children }: Props) {
  const { ref, closeBeside } = useModal()
  const heading = useId()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop only repeats what Escape does
    <dialog
      ref={ref}
      className={styles.dialog}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={event => !typed && closeBeside(event)}
    >
      <div className={styles.body}>
        <h2 id={heading} className={styles.title}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  )
}
