import { useQuery, useQueryClient } from '@tanstack/react-query'
import { deleteRunner, type Runner } from '#contract/runners/runners'
import { listRuns } from '#contract/runs/runs'
import { call, wordsOf } from '../../lib/call.ts'
import { count, titleOf } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { isolated } from '../../lib/visible.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Said } from '../../ui/said.tsx'

const shownRuns = 8

/** Says what waits for a runner before it is forgotten. */
export function RemoveRunner({ runner, onClose }: { runner: Runner; onClose: () => void }) {
  const queries = useQueryClient()
  const runs = useQuery({
    queryKey: keys.runsOfRunner(runner.id),
    queryFn: ({ signal }) =>
      call(listRuns, { query: { runnerId: runner.id, status: 'QUEUED', limit: shownRuns }, signal }),
    staleTime: 0
  })
  const total = runs.data?.pagination.total ?? 0
  return (
    <FormDialog
      title={`Remove ${isolated(runner.name)}?`}
      action="Remove"
      danger
      disabled={runs.isPending}
      onSubmit={async () => {
        await call(deleteRunner, { params: { id: runner.id } })
        await queries.invalidateQueries({ queryKey: keys.runners })
      }}
      onClose={onClose}
    >
      {runs.isPending && <p>Looking for what waits for it.</p>}
      {runs.error && <p role="alert">What waits for it could not be read: {wordsOf(runs.error)}</p>}
      {runs.data && total === 0 && <p>Nothing waits for it.</p>}
      {runs.data && total > 0 && (
        <>
          <p>
            {count(total, 'run')} may run nowhere else and {total === 1 ? 'fails' : 'fail'} when it is removed:
          </p>
          <ul>
            {runs.data.data.map(run => (
              <li key={run.id}>
                #{run.number} <Said>{titleOf(run)}</Said>
              </li>
            ))}
            {total > shownRuns && <li>and {total - shownRuns} more</li>}
          </ul>
        </>
      )}
      <p>If its program is started again, it connects and stands here anew.</p>
    </FormDialog>
  )
}
