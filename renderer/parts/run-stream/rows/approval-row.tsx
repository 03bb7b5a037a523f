import { ShieldAlert, ShieldCheck, ShieldX } from 'lucide-react'
import { isEnded, type Run } from '#contract/runs/runs'
import { duration, waited } from '../../../lib/format.ts'
import { useMinute } from '../../../lib/now.ts'
import { visible } from '../../../lib/visible.ts'
import { Glyph } from '../../../ui/glyph.tsx'
import { ApprovalAnswer } from '../../approvals/approval-answer.tsx'
import { ApprovalBody, ApprovalReason } from '../../approvals/approval-body.tsx'
import { requestOf, subjectOf } from '../../approvals/approval-request.ts'
import { decisionWords, sentenceOf } from '../../approvals/approval-words.ts'
import { useApproval } from '../../approvals/approvals.ts'
import { useWho } from '../../who.ts'
import { useOpened } from '../stream/opened.ts'
import type { Row } from '../stream/rows.ts'
import styles from './approval-row.module.css'
import { Entry, Line } from './entry.tsx'

interface Props {
  entry: string
  row: Extract<Row, { type: 'approval' }>
  run: Run
}

/** A request that waits is an amber card; decided, it folds to one line. */
export function ApprovalRow({ entry, row, run }: Props) {
  const { data: approval } = useApproval(row.request.approvalId)
  const decided = row.decision !== null || (approval && approval.status !== 'pending') || isEnded(run.status)
  return decided ? <Decided entry={entry} row={row} /> : <Waiting entry={entry} row={row} />
}

function Waiting({ entry, row }: Omit<Props, 'run'>) {
  const { data: approval } = useApproval(row.request.approvalId)
  const now = useMinute()
  const title = sentenceOf(row.request.title)
  return (
    <Entry entry={entry} ts={row.ts} icon={ShieldAlert} name={`Waiting for you: ${title}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset may not hold the form of a question */}
      <div className={styles.card} role="group" aria-label={title} data-request="">
        <div className={styles.title}>
          <Glyph tone="waiting" size={15} />
          <h2>{visible(title)}</h2>
          <span>waiting {waited(row.ts, now)}</span>
        </div>
        {approval && (
          <>
            <ApprovalBody approval={approval} />
            <ApprovalReason approval={approval} />
            <ApprovalAnswer approval={approval} />
          </>
        )}
      </div>
    </Entry>
  )
}

function Decided({ entry, row }: Omit<Props, 'run'>) {
  const { data: approval } = useApproval(row.request.approvalId)
  const [open, toggle] = useOpened(entry, false)
  const who = useWho()
  const state = row.decision?.state ?? approval?.status ?? 'expired'
  const { tone, words } = decisionWords({ kind: row.request.approvalKind, state, scope: approval?.scope })
  const subject = approval ? subjectOf(requestOf(approval)) : row.request.subject
  const by = row.decision?.by ?? approval?.decidedBy
  const waitedMs = row.decision?.waitedMs
  const reason = state === 'denied' ? (approval?.denyReason ?? row.decision?.reason) : null
  return (
    <Entry entry={entry} ts={row.ts} icon={tone === 'done' ? ShieldCheck : ShieldX} name={`${words}: ${subject}`}>
      <Line
        open={open}
        onToggle={toggle}
        name={words}
        argument={visible(subject)}
        facts={
          <span>
            {by && `by ${who(by)}`}
            {typeof waitedMs === 'number' && ` after ${duration(waitedMs)}`}
          </span>
        }
      />
      {reason && <p className={styles.denied}>“{reason}”</p>}
      {open && approval && (
        <div className={styles.past}>
          <p>{visible(sentenceOf(row.request.title))}</p>
          <ApprovalBody approval={approval} />
          <ApprovalReason approval={approval} />
        </div>
      )}
    </Entry>
  )
}
