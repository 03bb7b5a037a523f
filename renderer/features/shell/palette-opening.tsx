import { Search } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import styles from './palette-opening.module.css'

interface Props {
  typed: string
  onType: (text: string) => void
  onClose: () => void
}

/** Takes what is typed while the palette is loaded, which is once: its field is there at once, in the same place. */
export function PaletteOpening({ typed, onType, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Search or run"
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className={styles.head}>
        <Search size={16} aria-hidden />
        <input
          className={styles.field}
          aria-label="Search or run"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={event => onType(event.target.value)}
        />
      </div>
    </dialog>
  )
}
