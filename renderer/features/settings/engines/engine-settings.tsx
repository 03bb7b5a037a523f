import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { refreshEngines } from '#contract/runners/engines'
import { call, wordsOf } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useEngines } from '../../../parts/engines.ts'
import { useMay } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import { EngineRow } from './engine-row.tsx'
import styles from './engines.module.css'

/** Container engines of the control plane's computer: which there are, and what to do where there is none. */
export function EngineSettings() {
  const engines = useEngines()
  const queries = useQueryClient()
  const may = useMay('write')
  const look = useMutation({
    mutationFn: () => call(refreshEngines, {}),
    onSuccess: list => queries.setQueryData(keys.engines, list),
    onError: toastFailure
  })
  const all = engines.data?.data
  const again = (
    <Button small onClick={() => void engines.refetch()}>
      Try again
    </Button>
  )
  return (
    <>
      <div className={styles.bar}>
        <p>
          Container engines of this computer, found as the docker command finds them. Agents do not run in containers
          yet; Flotilla starts nothing here but the test that you ask for.
        </p>
        {may && (
          <Button icon={RefreshCw} disabled={look.isPending} onClick={() => look.mutate()}>
            {look.isPending ? 'Looking' : 'Look again'}
          </Button>
        )}
      </div>
      {engines.error && !all && (
        <Problem title="The engines could not be listed" action={again}>
          {wordsOf(engines.error)}
        </Problem>
      )}
      {!all && !engines.error && <SkeletonRows height={62} rows={2} />}
      {all && (
        <>
          <div className={styles.heads} aria-hidden>
            <span>Engine</span>
            <span>State</span>
            <span>Machine</span>
            <span>Bounds</span>
          </div>
          <ul aria-label="Engines">
            {all.map(engine => (
              <EngineRow
                key={engine.id}
                engine={engine}
                onLook={may ? () => look.mutate() : null}
                looking={look.isPending}
              />
            ))}
          </ul>
        </>
      )}
    </>
  )
}
