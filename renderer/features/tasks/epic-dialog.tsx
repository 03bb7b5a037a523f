import { type FormEvent, useState } from 'react'
import type { Epic } from '#contract/work/tasks'
import { fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { isolated } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import styles from './epics.module.css'
import { useEpicActions } from './queries.ts'

/** `epic` null: a new one. */
export function EpicDialog({ epic, onClose }: { epic: Epic | null; onClose: () => void }) {
  const [title, setTitle] = useState(epic?.title ?? '')
  const [description, setDescription] = useState(epic?.description ?? '')
  const { save } = useEpicActions()
  const faults = fieldErrorsOf(save.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() !== '') save.mutate({ id: epic?.id ?? null, title, description }, { onSuccess: onClose })
  }
  return (
    <Dialog title={epic ? 'Edit epic' : 'New epic'} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <Field label="Title" error={faults.title}>
          {control => (
            <TextInput
              {...control}
              autoFocus
              required
              maxLength={200}
              value={title}
              onChange={event => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label="Description" error={faults.description}>
          {control => (
            <TextArea
              {...control}
              maxLength={20_000}
              value={description}
              onChange={event => setDescription(event.target.value)}
            />
          )}
        </Field>
        {save.isError && Object.keys(faults).length === 0 && (
          <p role="alert" className={styles.fault}>
            {wordsOf(save.error)}
          </p>
        )}
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={title.trim() === '' || save.isPending}>
            {epic ? 'Save epic' : 'Create epic'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export function DeleteEpic({ epic, onClose, onDeleted }: { epic: Epic; onClose: () => void; onDeleted: () => void }) {
  const { remove } = useEpicActions()
  const go = () => {
    onClose()
    remove.mutate(epic.id, { onSuccess: onDeleted, onError: toastFailure })
  }
  return (
    <Dialog title="Delete epic" onClose={onClose}>
      <div className={styles.form}>
        <p>
          {isolated(epic.title)} goes for good. Its {count(epic.tasks, 'task')} stay, without an epic.
        </p>
        <div className={styles.buttons}>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" onClick={go}>
            Delete epic
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
