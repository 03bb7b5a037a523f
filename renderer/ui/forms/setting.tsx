import { type ReactNode, useId } from 'react'
import styles from './setting.module.css'

interface Control {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
}

interface Props {
  title: string
  note?: ReactNode
  error?: string | undefined
  /** Said below the control. */
  hint?: ReactNode
  children: (control: Control) => ReactNode
}

/** One setting: what it is at the left, the control at the right. */
export function Setting({ title, note, error, hint, children }: Props) {
  const id = useId()
  const described = [note && `${id}-note`, error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={styles.setting}>
      <div className={styles.about}>
        <label htmlFor={id}>{title}</label>
        {note && <p id={`${id}-note`}>{note}</p>}
      </div>
      <div className={styles.control}>
        {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
        {error && (
          <p id={`${id}-error`} className={styles.error}>
            {error.charAt(0).toUpperCase() + error.slice(1)}
          </p>
        )}
        {hint && (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}

interface GroupProps {
  title: string
  note?: ReactNode
  children: ReactNode
}

/** A setting whose control is several: radio buttons, boxes. */
export function SettingGroup({ title, note, children }: GroupProps) {
  return (
    <fieldset className={styles.setting}>
      <legend className="hidden-label">{title}</legend>
      <div className={styles.about} aria-hidden>
        <span>{title}</span>
        {note && <p>{note}</p>}
      </div>
      <div className={styles.control}>{children}</div>
    </fieldset>
  )
}

interface RadioProps {
  group: string
  checked: boolean
  onChoose: () => void
  title: ReactNode
  note?: ReactNode
}

export function Radio({ group, checked, onChoose, title, note }: RadioProps) {
  return (
    <label className={styles.radio}>
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      <span>
        <span>{title}</span>
        {note && <span className={styles.hint}>{note}</span>}
      </span>
    </label>
  )
}
