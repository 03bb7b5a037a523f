// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { RefreshCw } from 'lucide-react'
import { memo } from 'react'
import { Link } from 'wouter'
import type { Run } from '#contract/runs/runs'
import { duration, exactMoney, spent, titleOf } from '../../../lib/format.ts'
import { isolated } from '../../../lib/visible.ts'
import { usePendingApprovals } from '../../../parts/approvals/approvals.ts'
import { runFolder } from '../../../parts/run-folder.ts'
import { RunStatusText } from '../../../parts/run-status.tsx'
import { reportOf, useRunners } from '../../../parts/runners.ts'
import { useRunActions } from '../../../parts/runs.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Button, classOf } from '../../../ui/button.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import styles from './run-table.module.css'

interface Props {
  run: Run
  index: number
  top: number
  height: number
  stop: boolean
  onFocus: (id: string) => void
}

export const RunRow = memo(function RunRow({ run, index, top, height, stop, onFocus }: Props) {
  const runtime = reportOf(useRunners().data?.data, run.runtime, run.runnerId)?.title ?? run.runtime
  const now = run.error?.message ?? run.statusReason
  const folder = runFolder(run)
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={styles.row}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span role="gridcell" data-column="Status">
        <RunStatusText run={run} />
      </span>
      <span role="gridcell" data-column="Run">
        #{run.number}
      </span>
      <span role="gridcell" data-column="Prompt and now" className={styles.prompt}>
        <Link
          id={`run-${run.id}`}
          href={`/runs/${run.id}`}
          className={styles.link}
          tabIndex={stop ? 0 : -1}
          onFocus={() => onFocus(run.id)}
        >
          <Said>{titleOf(run)}</Said>
        </Link>
        {now && (
          <span className={styles.detail}>
            <Said>{now}</Said>
          </span>
        )}
      </span>
      <span role="gridcell" data-column="Runtime">
        {runtime}
      </span>
      <span
        role="gridcell"
        data-column="Folder"
        className={styles.folder}
        data-private={folder === 'private' || undefined}
        title={run.cwd === null ? undefined : isolated(run.cwd)}
      >
        <Said>{folder}</Said>
      </span>
      <span role="gridcell" data-column="Age">
        <Ago ts={run.createdAt} />
      </span>
      <span role="gridcell" data-column="Took">
        <Took run={run} />
      </span>
      <span role="gridcell" data-column="Cost" title={exactMoney(run.costUsd)}>
        {spent(run)}
      </span>
      <span role="gridcell" data-column="Action">
        <RowAction run={run} />
      </span>
    </div>
  )
})

/** The one thing that is most likely wanted of a run as it is. */
function RowAction({ run }: { run: Run }) {
  if (run.status === 'WAITING') return <Review run={run} />
  return ['FAILED', 'TIMED_OUT', 'LOST'].includes(run.status) ? <Retry run={run} /> : null
}

function Review({ run }: { run: Run }) {
  const approval = usePendingApprovals().data?.data.find(one => one.runId === run.id)
  return (
    <Link
      href={approval ? `/approvals/${approval.id}` : `/runs/${run.id}`}
      className={classOf('default', true)}
      aria-label={`Review what run #${run.number} asks`}
    >
      Review
    </Link>
  )
}

function Retry({ run }: { run: Run }) {
  const { retry } = useRunActions(run.id)
  return (
    <Button
      small
      icon={RefreshCw}
      aria-label={`Retry run #${run.number}`}
      disabled={retry.isPending}
      onClick={() => retry.mutate(undefined, { onError: toastFailure })}
    >
      Retry
    </Button>
  )
}

function Took({ run: { startedAt, durationMs } }: { run: Run }) {
  if (durationMs !== null) return duration(durationMs)
  return startedAt === null ? '–' : <Ticking from={startedAt} />
}
