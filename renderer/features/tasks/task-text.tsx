import type { Task } from '#contract/work/tasks'
import { fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { useTaskActions } from './queries.ts'
import styles from './task-sheet.module.css'
import { useTaskDraft } from './use-task-draft.ts'

interface Props {
  task: Task
  live: boolean
  readOnly: string | null
}

/** Title and input. What is typed is kept until it is saved or discarded. */
export function TaskText({ task, live, readOnly }: Props) {
  const { draft, set, clear } = useTaskDraft<Pick<Task, 'title' | 'input'>>(task.id)
  const { change } = useTaskActions()
  const { title = task.title, input = task.input } = draft
  const dirty = title !== task.title || (!live && input !== task.input)
  const faults = fieldErrorsOf(change.error)
  const save = () =>
    change.mutate(
      {
        id: task.id,
        ...(title !== task.title && { title }),
        ...(!live && input !== task.input && { input })
      },
      { onSuccess: clear }
    )
  return (
    <>
      <Field label="Title" error={faults.title}>
        {control => (
          <TextInput
            {...control}
            maxLength={500}
            disabled={readOnly !== null}
            value={title}
            onChange={event => set({ title: event.target.value })}
            onKeyDown={event => event.key === 'Enter' && dirty && save()}
          />
        )}
      </Field>
      <Field label="Input" hint={live ? 'Fixed while it runs' : undefined} error={faults.input}>
        {control => (
          <TextArea
            {...control}
            disabled={readOnly !== null || live}
            value={live ? task.input : input}
            onChange={event => set({ input: event.target.value })}
          />
        )}
      </Field>
      {dirty && !readOnly && (
        <div className={styles.dirty}>
          <span>Not saved yet</span>
          <Button small onClick={clear}>
            Discard
          </Button>
          <Button
            small
            look="primary"
            disabled={change.isPending || title.trim() === '' || input.trim() === ''}
            onClick={save}
          >
            Save
          </Button>
        </div>
      )}
      {change.isError && Object.keys(faults).length === 0 && (
        <p role="alert" className={styles.fault}>
          {wordsOf(change.error)}
        </p>
      )}
    </>
  )
}
