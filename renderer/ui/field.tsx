import { ChevronDown } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import styles from './field.module.css'

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: string
  /** Hidden where the words around it say the same. */
  hideLabel?: boolean
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode
}

/** A control with its label, hint and fault, tied together for everybody. */
export function Field({ label, hint, error, hideLabel, children }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'hidden-label' : styles.label}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          <FaultMark />
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}

function FaultMark() {
  return (
    <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" fill="currentColor" />
    </svg>
  )
}

export function TextInput({ mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return <input type="text" {...rest} className={mono ? `${styles.input} ${styles.mono}` : styles.input} />
}

export function TextArea(props: ComponentProps<'textarea'>) {
  return <textarea {...props} className={`${styles.input} ${styles.area}`} />
}

export function Select(props: ComponentProps<'select'>) {
  return (
    <span className={styles.select}>
      <select {...props} className={styles.input} />
      <ChevronDown size={14} aria-hidden />
    </span>
  )
}
