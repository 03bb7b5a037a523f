import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Approval } from '#contract/runs/approvals'
import { getRun } from '#contract/runs/runs'
import { call, wordsOf } from '../../lib/call.ts'
import { titleOf } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { visible } from '../../lib/visible.ts'
import { ApprovalAnswer } from '../../parts/approvals/approval-answer.tsx'
import { ApprovalBody, ApprovalReason } from '../../parts/approvals/approval-body.tsx'
import { editOf } from '../../parts/approvals/approval-edit.tsx'
import { factsOf } from '../../parts/approvals/approval-facts.ts'
import { requestOf } from '../../parts/approvals/approval-request.ts'
import { decisionWords, sentenceOf } from '../../parts/approvals/approval-words.ts'
import { useApproval } from '../../parts/approvals/approvals.ts'
import { runFolder } from '../../parts/run-folder.ts'
import { reportOf, useRunners } from '../../parts/runners.ts'
import { useWho } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Pill } from '../../ui/glyph.tsx'
import { Key } from '../../ui/key.tsx'
import { Problem } from '../../ui/notice.tsx'
import styles from './approvals-page.module.css'
import { JustBefore } from './just-before.tsx'

export function ApprovalDetail({ id, onDecided }: { id: string; onDecided: () => void }) {
  const { data: approval, error } = useApproval(id)
  if (error && !approval) return <Problem title="The request could not be read">{wordsOf(error)}</Problem>
  if (!approval) return null
  const pending = approval.status === 'pending'
  return (
    <>
      <div className={styles.inner}>
        <Origin approval={approval} />
        <h2 className={styles.heading}>{visible(sentenceOf(approval.title))}</h2>
        {!pending && <Decision approval={approval} />}
        <ApprovalBody approval={approval} />
        <Facts approval={approval} />
        <ReasonPart approval={approval} />
        {pending && <JustBefore approval={approval} />}
        {pending && approval.kind === 'question' && <ApprovalAnswer approval={approval} onDecided={onDecided} />}
      </div>
      {pending && approval.kind !== 'question' && (
        <div className={styles.bar}>
          <ApprovalAnswer approval={approval} onDecided={onDecided} />
          <p className={styles.keys}>
            <span>
              <Key>J</Key> <Key>K</Key> next, previous
            </span>
            {editOf(approval) && (
              <span>
                <Key>E</Key> edit before allowing
              </span>
            )}
            <span>
              <Key>O</Key> open run
            </span>
            <span className={styles.pause}>The agent pauses until you decide. No timeout.</span>
          </p>
        </div>
      )}
    </>
  )
}

function Origin({ approval }: { approval: Approval }) {
  const runners = useRunners().data?.data
  const { data: run } = useQuery({
    queryKey: keys.run(approval.runId),
    queryFn: ({ signal }) => call(getRun, { params: { id: approval.runId }, signal })
  })
  return (
    <p className={styles.origin}>
      <span>Run #{approval.runNumber}</span>
      <Link href={`/runs/${approval.runId}`} data-open-run="">
        {run ? titleOf(run.input) : 'Open run'}
      </Link>
      {run && <span>· {reportOf(runners, run.runtime, run.runnerId)?.title ?? run.runtime}</span>}
      {run?.cwd && <span title={run.cwd}>· {runFolder(run)}</span>}
      <span>
        · <Ago ts={approval.createdAt} ago />
      </span>
    </p>
  )
}

/** What follows from the request itself; the agent has no say in it. */
function Facts({ approval }: { approval: Approval }) {
  const { data: run } = useQuery({
    queryKey: keys.run(approval.runId),
    queryFn: ({ signal }) => call(getRun, { params: { id: approval.runId }, signal })
  })
  const facts = run ? factsOf(requestOf(approval), run.cwd) : []
  if (facts.length === 0) return null
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Decision({ approval }: { approval: Approval }) {
  const who = useWho()
  const { tone, words } = decisionWords({ ...approval, state: approval.status })
  return (
    <p className={styles.decision}>
      <Pill tone={tone}>{words}</Pill>
      {approval.decidedBy && <span>by {who(approval.decidedBy)}</span>}
      {approval.decidedAt && <Ago ts={approval.decidedAt} ago />}
      {approval.denyReason && <span>“{approval.denyReason}”</span>}
    </p>
  )
}

function ReasonPart({ approval }: { approval: Approval }) {
  const words = ApprovalReason({ approval })
  return (
    words && (
      <div>
        <h3 className={styles.label}>Why, in the agent’s words</h3>
        {words}
      </div>
    )
  )
}
