import { MoreHorizontal, RefreshCw, Square } from 'lucide-react'
import { Link } from 'wouter'
import { isEnded, type Run } from '#contract/runs/runs'
import { isolated } from '../../../lib/visible.ts'
import { usePendingApprovals } from '../../../parts/approvals/approvals.ts'
import { useRunActions } from '../../../parts/runs.ts'
import { Button, classOf, IconButton } from '../../../ui/button.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import { AgentMenu } from '../agent-menu.tsx'
import type { Member } from './fleet-lines.ts'
import styles from './fleet-table.module.css'

/** The one thing most likely wanted stands there; what else is near shows on the row that is looked at; all is in the menu. */
export function FleetRowActions({ member: { agent, run, state }, may }: { member: Member; may: boolean }) {
  const name = isolated(agent.name)
  return (
    <>
      {state === 'waiting' && run && <Review run={run} name={name} />}
      {may && state === 'failed' && run && <Retry run={run} name={name} />}
      {may && run && !isEnded(run.status) && state !== 'waiting' && <Stop run={run} name={name} />}
      <AgentMenu agent={agent} run={run} trigger={<IconButton icon={MoreHorizontal} label={`More about ${name}`} />} />
    </>
  )
}

interface Props {
  run: Run
  name: string
}

function Review({ run, name }: Props) {
  const approval = usePendingApprovals().data?.data.find(one => one.runId === run.id)
  return (
    <Link
      href={approval ? `/approvals/${approval.id}` : `/runs/${run.id}`}
      className={classOf('default', true)}
      aria-label={`Review what ${name} asks`}
    >
      Review
    </Link>
  )
}

function Retry({ run, name }: Props) {
  const { retry } = useRunActions(run.id)
  return (
    <Button
      small
      icon={RefreshCw}
      aria-label={`Retry the last run of ${name}`}
      disabled={retry.isPending}
      onClick={() => retry.mutate(undefined, { onError: toastFailure })}
    >
      Retry
    </Button>
  )
}

function Stop({ run, name }: Props) {
  const { cancel } = useRunActions(run.id)
  return (
    <span className={styles.near}>
      <IconButton
        icon={Square}
        label={run.stopping === 'no' ? `Stop the run of ${name}` : 'Stopping'}
        disabled={cancel.isPending || run.stopping !== 'no'}
        onClick={() => cancel.mutate(false, { onError: toastFailure })}
      />
    </span>
  )
}
