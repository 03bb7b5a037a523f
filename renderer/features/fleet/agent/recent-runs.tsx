import { Link } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { duration, exactMoney, exactTokens, spent, titleOf, tokens, totalTokens } from '../../../lib/format.ts'
import type { useRunList } from '../../../parts/run-list.ts'
import { RunStatusText } from '../../../parts/run-status.tsx'
import { Ago } from '../../../ui/ago.tsx'
import { Button } from '../../../ui/button.tsx'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import styles from './recent-runs.module.css'

/** More are read in the list of runs. */
const shown = 50

interface Props {
  runs: readonly Run[] | undefined
  list: ReturnType<typeof useRunList>
}

export function RecentRuns({ runs, list }: Props) {
  const total = list.data?.pages[0]?.pagination.total ?? 0
  return (
    <section className={styles.recent} aria-label="Recent runs">
      <h2 className={styles.heading}>
        Recent runs{' '}
        {runs && <span>{total > shown ? `the last ${shown} of ${total.toLocaleString('en-US')}` : total}</span>}
      </h2>
      {list.isError && !runs && (
        <Problem
          title="Its runs could not be read"
          action={
            <Button small onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(list.error)}
        </Problem>
      )}
      {!runs && !list.isError && <SkeletonRows height={36} rows={3} />}
      {runs?.length === 0 && <p className={styles.none}>None yet. The first one starts with a prompt above.</p>}
      {runs && runs.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Prompt</th>
              <th scope="col">Started</th>
              <th scope="col">Took</th>
              <th scope="col">Tokens</th>
              <th scope="col">Cost</th>
            </tr>
          </thead>
          <tbody>
            {runs.slice(0, shown).map(run => (
              <RunLine key={run.id} run={run} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function RunLine({ run }: { run: Run }) {
  const used = totalTokens(run.usage)
  return (
    <tr>
      <td>
        <RunStatusText run={run} />
      </td>
      <td className={styles.prompt}>
        <Link href={`/runs/${run.id}`}>
          <Said>{titleOf(run)}</Said>
        </Link>
      </td>
      <td>
        <Ago ts={run.createdAt} />
      </td>
      <td>
        {run.durationMs !== null ? (
          duration(run.durationMs)
        ) : run.startedAt === null ? (
          '–'
        ) : (
          <Ticking from={run.startedAt} />
        )}
      </td>
      <td title={exactTokens(run.usage)}>{used === 0 ? '–' : tokens(used)}</td>
      <td title={exactMoney(run.costUsd)}>{spent(run)}</td>
    </tr>
  )
}
