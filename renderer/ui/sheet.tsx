import type { LucideIcon } from 'lucide-react'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import styles from './sheet.module.css'

interface Props {
  title: ReactNode
  /** Second line of its head, cut where it is too long. */
  note?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** Choices that come up from below, in reach of the thumb. It is the browser's own modal dialog. */
export function Sheet({ title, note, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop only repeats what Escape does
    <dialog
      ref={ref}
      className={styles.sheet}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={event => event.target === ref.current && ref.current?.close()}
    >
      <div className={styles.inner}>
        <header className={styles.head}>
          <h2 id={heading}>{title}</h2>
          {note && <p className="truncate">{note}</p>}
        </header>
        {children}
        <div className={styles.foot}>
          <button type="button" className={styles.close} onClick={() => ref.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  )
}

interface RowProps {
  icon?: LucideIcon
  note?: ReactNode
  /** It leads to further choices. */
  leads?: boolean
  onSelect: () => void
  children: ReactNode
}

export function SheetRow({ icon: Icon, note, leads, onSelect, children }: RowProps) {
  return (
    <button type="button" className={styles.row} onClick={onSelect}>
      <span className={styles.icon}>{Icon && <Icon size={18} strokeWidth={1.75} aria-hidden />}</span>
      <span className={styles.words}>
        <span>{children}</span>
        {note && <span className={styles.note}>{note}</span>}
      </span>
      {leads && <ChevronRight size={18} strokeWidth={1.75} aria-hidden />}
    </button>
  )
}
