import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunChanges } from '#contract/runs/changed-files'
import type { Run } from '#contract/runs/runs'
import { keptDays, type PutBackAnswer, undoRun } from '#contract/runs/undo'
import { call, wordsOf } from '../../lib/call.ts'
import { count, dateAndTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { visible } from '../../lib/visible.ts'
import { Choice } from '../../ui/choice.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Problem } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import { pathInRun } from '../run-folder.ts'
import { KeptList } from './kept-list.tsx'
import styles from './undo.module.css'

interface Props {
  run: Run
  checkpoints: RunChanges['checkpoints']
  onClose: () => void
}

/** Files that are named before they are only counted. */
const mostNamed = 12

/** Puts the files of a run back: shows first what that would do, and what stands against it. */
export function UndoDialog({ run, checkpoints, onClose }: Props) {
  const [checkpoint, setCheckpoint] = useState(0)
  const [conflicts, setConflicts] = useState<'skip' | 'overwrite'>('skip')
  const queries = useQueryClient()
  const body = { checkpoint, files: null }
  const preview = useQuery({
    queryKey: [...keys.kept(run.id), 'preview', checkpoint],
    queryFn: ({ signal }) =>
      call(undoRun, { params: { id: run.id }, body: { ...body, dryRun: true, conflicts: 'skip' }, signal }),
    gcTime: 0,
    retry: false
  })
  const undo = useMutation({
    mutationFn: () => call(undoRun, { params: { id: run.id }, body: { ...body, dryRun: false, conflicts } }),
    onSuccess: ({ done }) =>
      toast(done ? `Undone. What was overwritten is kept for ${keptDays} days.` : 'All was as it was'),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.kept(run.id) })
  })
  const plan = preview.data && planOf(preview.data, conflicts)
  return (
    <FormDialog
      title={`Undo what run #${run.number} changed?`}
      action={plan ? `Undo ${count(plan.doing.length, 'file')}` : 'Undo'}
      danger
      disabled={!plan || plan.doing.length === 0}
      onSubmit={() => undo.mutateAsync()}
      onClose={onClose}
    >
      <States checkpoints={checkpoints} chosen={checkpoint} onChoose={setCheckpoint} />
      {preview.error && <Problem title="It cannot be undone">{wordsOf(preview.error)}</Problem>}
      {preview.isPending && <p className={styles.note}>Looks at the files…</p>}
      {plan && preview.data && (
        <>
          <Named title="Put back" files={plan.doing} run={run} />
          {plan.later.length > 0 && (
            <fieldset className={styles.later}>
              <legend>{count(plan.later.length, 'file')} changed later, by somebody else or by hand</legend>
              <Choice
                group="later"
                checked={conflicts === 'skip'}
                onChoose={() => setConflicts('skip')}
                title="Leave them as they are"
              />
              <Choice
                group="later"
                checked={conflicts === 'overwrite'}
                onChoose={() => setConflicts('overwrite')}
                title="Put them back, too"
                note="What they are now is kept"
              />
              <Named title="Changed later" files={plan.later} run={run} />
            </fieldset>
          )}
          <Named title="Cannot be put back: too large, or an ignored file lies there" files={plan.never} run={run} />
          {preview.data.working.length > 0 && (
            <p className={styles.note}>
              {preview.data.working.map(({ number }) => `#${number}`).join(', ')} works in this repository now.
            </p>
          )}
        </>
      )}
      <KeptList run={run} />
      <p className={styles.note}>What is overwritten is kept for {keptDays} days and can be restored here.</p>
    </FormDialog>
  )
}

type File = PutBackAnswer['files'][number]

function planOf({ files }: PutBackAnswer, conflicts: 'skip' | 'overwrite') {
  const todo = files.filter(({ action }) => action !== 'none')
  const later = todo.filter(({ obstacle }) => obstacle === 'changed_later')
  return {
    doing: todo.filter(
      ({ obstacle }) => obstacle === null || (obstacle === 'changed_later' && conflicts === 'overwrite')
    ),
    later,
    never: todo.filter(({ obstacle }) => obstacle !== null && obstacle !== 'changed_later')
  }
}

/** Where one can go back to: the end is where it is. */
function States({
  checkpoints,
  chosen,
  onChoose
}: {
  checkpoints: Props['checkpoints']
  chosen: number
  onChoose: (n: number) => void
}) {
  const states = checkpoints.filter(({ kind }) => kind !== 'end')
  if (states.length < 2) return null
  return (
    <Field label="As the files were">
      {control => (
        <Select {...control} value={chosen} onChange={event => onChoose(Number(event.target.value))}>
          {states.map(({ n, kind, at }, i) => (
            <option key={n} value={n}>
              {kind === 'start' ? 'before the run' : `after turn ${i}`}, {dateAndTime(at)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function Named({ title, files, run }: { title: string; files: readonly File[]; run: Run }) {
  if (files.length === 0) return null
  return (
    <section className={styles.files} aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {files.slice(0, mostNamed).map(({ path, action }) => (
          <li key={path}>
            <code>{visible(pathInRun(path, run))}</code>
            {action === 'remove' && <span> is removed</span>}
          </li>
        ))}
        {files.length > mostNamed && <li>and {count(files.length - mostNamed, 'more file')}</li>}
      </ul>
    </section>
  )
}
