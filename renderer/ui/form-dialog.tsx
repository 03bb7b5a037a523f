import { type ReactNode, useState } from 'react'
import { wordsOf } from '../lib/call.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import styles from './form-dialog.module.css'

interface Props {
  title: string
  /** What its button does, as a verb: Replace, Delete. */
  action: string
  danger?: boolean
  /** It cannot be done yet. */
  disabled?: boolean
  /** What failed is said by a field already. */
  quiet?: (error: unknown) => boolean
  /** The dialog goes when this is done; what fails is said in it, with all that was typed. */
  onSubmit: () => Promise<unknown>
  onClose: () => void
  children?: ReactNode
}

/** Asks before something is done, or for what is needed to do it. */
export function FormDialog({ title, action, danger, disabled, quiet, onSubmit, onClose, children }: Props) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const submit = async () => {
    if (busy || disabled) return
    setBusy(true)
    setFault(null)
    try {
      await onSubmit()
      onClose()
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} typed onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        {children}
        {fault !== null && !quiet?.(fault) && (
          <p className={styles.fault} role="alert">
            {wordsOf(fault)}
          </p>
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} disabled={busy || disabled}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
