import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './choice.module.css'

interface Props {
  /** Radio group name. */
  group: string
  className?: string
  checked: boolean
  onChoose: () => void
  disabled?: boolean
  icon?: LucideIcon
  title: ReactNode
  note?: ReactNode
  /** Below the words; may hold controls. */
  children?: ReactNode
}

/** A radio button drawn as a card. */
export function Choice({ group, className, checked, onChoose, disabled, icon: Icon, title, note, children }: Props) {
  return (
    <div
      className={className ? `${styles.choice} ${className}` : styles.choice}
      data-checked={checked || undefined}
      data-disabled={disabled || undefined}
    >
      <label className={styles.face}>
        <input
          type="radio"
          name={group}
          className={styles.radio}
          checked={checked}
          disabled={disabled}
          onChange={onChoose}
        />
        {Icon && <Icon size={18} strokeWidth={1.75} aria-hidden className={styles.icon} />}
        <span className={styles.words}>
          <span className={styles.title}>{title}</span>
          {note && <span className={styles.note}>{note}</span>}
        </span>
      </label>
      {children && <div className={styles.more}>{children}</div>}
    </div>
  )
}
