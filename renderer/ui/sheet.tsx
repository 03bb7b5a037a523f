import type { LucideIcon } from 'lucide-react'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import styles from './sheet.module.css'
import { useModal } from './use-modal.ts'

interface Props {
  title: ReactNode
  /** Second line of its head, cut where it is too long. */
  note?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** Choices that come up from below, in reach of the thumb. */
export function Sheet({ title, note, onClose, children }: Props) {
  const { ref, close, closeBeside } = useModal()
  const heading = useId()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop only repeats what Escape does
    <dialog ref={ref} className={styles.sheet} aria-labelledby={heading} onClose={onClose} onClick={closeBeside}>
      <div className={styles.inner}>
        <header className={styles.head}>
          <h2 id={heading}>{title}</h2>
          {note && <p className="truncate">{note}</p>}
        </header>
        {children}
        <div className={styles.foot}>
          <button type="button" className={styles.close} onClick={close}>
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
