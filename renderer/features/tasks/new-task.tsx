import { X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import type { Epic, Task } from '#contract/work/tasks'
import { fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { randomId } from '../../lib/random-id.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { useTaskActions } from './queries.ts'
import { TaskFields } from './task-fields.tsx'
import styles from './task-sheet.module.css'
import { useTaskDraft } from './use-task-draft.ts'

type Draft = Pick<Task, 'title' | 'input' | 'assigneeId' | 'priority' | 'epicId'>

interface Props {
  agents: readonly Agent[]
  epics: readonly Epic[]
  readOnly: string | null
  onClose: () => void
}

/** What is filled in so far, and how it becomes a task. A new task needs a title; without an input the agent is told the title. */
function useNewTask({ epics, readOnly, onClose }: Omit<Props, 'agents'>) {
  const { draft, set, clear } = useTaskDraft<Draft>('new')
  const { create } = useTaskActions()
  const [missing, setMissing] = useState(false)
  const title = useRef<HTMLInputElement>(null)
  // Sent twice after a lost answer, it is one task.
  const key = useRef({ body: '', key: '' })
  const chosenEpic = new URLSearchParams(location.search).get('epic')
  const faults: Record<string, string> = {
    ...fieldErrorsOf(create.error),
    ...(missing && { title: 'Say what is to be done' })
  }
  const values: Draft = {
    title: '',
    input: '',
    assigneeId: null,
    priority: 'normal',
    epicId: epics.some(one => one.id === chosenEpic) ? chosenEpic : null,
    ...draft
  }
  const change = (wish: Partial<Draft>) => {
    if (wish.title !== undefined) setMissing(false)
    set(wish)
  }
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (readOnly || create.isPending) return
    if (values.title.trim() === '') {
      setMissing(true)
      title.current?.focus()
      return
    }
    const body = { ...values, input: values.input.trim() === '' ? values.title : values.input }
    const text = JSON.stringify(body)
    if (key.current.body !== text) key.current = { body: text, key: randomId() }
    create.mutate(
      { body, key: key.current.key },
      {
        onSuccess: task => {
          clear()
          onClose()
          toast(`T-${task.number} was made`)
        }
      }
    )
  }
  return { values, change, faults, create, title, submit }
}

export function NewTaskSheet({ agents, epics, readOnly, onClose }: Props) {
  const { values, change, faults, create, title, submit } = useNewTask({ epics, readOnly, onClose })
  const narrow = useNarrow()
  useHotkeys([
    { keys: 'Escape', run: onClose },
    { keys: 'mod+Enter', label: 'Create task', inFields: true, run: () => submit() }
  ])
  return (
    <aside className={styles.sheet} aria-label="New task">
      <header className={styles.head}>
        <h2>New task</h2>
        <span className={styles.gap} />
        {!narrow && <IconButton icon={X} label="Close" onClick={onClose} />}
      </header>
      <form className={styles.body} onSubmit={submit}>
        {readOnly && <p className={styles.reason}>{readOnly}</p>}
        <Field label="Title" error={faults.title}>
          {control => (
            <TextInput
              {...control}
              ref={title}
              autoFocus
              maxLength={500}
              disabled={readOnly !== null}
              value={values.title}
              onChange={event => change({ title: event.target.value })}
            />
          )}
        </Field>
        <Field label="Input" hint="What the agent is told. Left empty, it is told the title." error={faults.input}>
          {control => (
            <TextArea
              {...control}
              disabled={readOnly !== null}
              value={values.input}
              onChange={event => change({ input: event.target.value })}
            />
          )}
        </Field>
        <TaskFields
          values={values}
          agents={agents}
          epics={epics}
          disabled={readOnly !== null}
          faults={faults}
          onChange={change}
        />
        {create.isError && Object.keys(faults).length === 0 && (
          <p role="alert" className={styles.fault}>
            {wordsOf(create.error)}
          </p>
        )}
        <div className={styles.buttons}>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" type="submit" hotkey="mod+Enter" disabled={create.isPending || readOnly !== null}>
            Create task
          </Button>
        </div>
      </form>
    </aside>
  )
}
