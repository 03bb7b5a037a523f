import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AppError } from '#contract/errors'
import type { Run } from '#contract/runs/runs'
import { type KeptFiles, listKeptFiles, restoreKeptFiles } from '#contract/runs/undo'
import { call, wordsOf } from '../../lib/call.ts'
import { count, dateAndTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './undo.module.css'

/** What was kept of the files of a run; nothing where nothing was. */
export function KeptList({ run }: { run: Run }) {
  const kept = useQuery({
    queryKey: keys.kept(run.id),
    queryFn: ({ signal }) => call(listKeptFiles, { params: { id: run.id }, signal })
  })
  const all = kept.data?.data ?? []
  if (all.length === 0) return null
  return (
    <section className={styles.kept} aria-label="Kept">
      <h3>Kept</h3>
      <ul>
        {all.map(one => (
          <KeptLine key={one.id} run={run} kept={one} />
        ))}
      </ul>
    </section>
  )
}

const whatWords: Record<KeptFiles['kind'], string> = {
  undo: 'before it was undone',
  discard: 'before it was discarded',
  restore: 'before it was restored'
}

function KeptLine({ run, kept }: { run: Run; kept: KeptFiles }) {
  const queries = useQueryClient()
  const restore = useMutation({
    mutationFn: (conflicts: 'refuse' | 'overwrite') =>
      call(restoreKeptFiles, {
        params: { id: run.id, keptId: kept.id },
        body: { dryRun: false, conflicts }
      }),
    onSuccess: () => toast('Restored'),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.kept(run.id) })
  })
  // What is there now is kept by the restoring itself.
  const hindered = restore.error instanceof AppError && restore.error.code === 'CHANGED_LATER'
  const what = whatWords[kept.kind]
  return (
    <li className={styles.line}>
      <span>
        {kept.files === null ? 'Files' : count(kept.files, 'file')} {what}, {dateAndTime(kept.at)}
        {restore.error && (
          <span className={styles.fault} role="alert">
            {wordsOf(restore.error)}
          </span>
        )}
      </span>
      {kept.restoredAt === null ? (
        <Button small disabled={restore.isPending} onClick={() => restore.mutate(hindered ? 'overwrite' : 'refuse')}>
          {hindered ? 'Overwrite them' : 'Restore'}
        </Button>
      ) : (
        <span className={styles.note}>restored</span>
      )}
    </li>
  )
}
