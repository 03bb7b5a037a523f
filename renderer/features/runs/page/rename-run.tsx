import { useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { titleOf } from '../../../lib/format.ts'
import { useRunActions } from '../../../parts/runs.ts'
import { Field, TextInput } from '../../../ui/field.tsx'
import { FormDialog } from '../../../ui/form-dialog.tsx'

const longest = 200

/** What a run is called; left empty, its prompt says it again. */
export function RenameRun({ run, onClose }: { run: Run; onClose: () => void }) {
  const [title, setTitle] = useState(titleOf(run))
  const { change } = useRunActions(run.id)
  return (
    <FormDialog
      title={`Rename run #${run.number}`}
      action="Rename run"
      onSubmit={() => change.mutateAsync({ title: title.trim() || null })}
      onClose={onClose}
    >
      <Field label="Title" hint="Empty: the first line of its prompt.">
        {control => (
          <TextInput
            {...control}
            autoFocus
            maxLength={longest}
            value={title}
            onChange={event => setTitle(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
