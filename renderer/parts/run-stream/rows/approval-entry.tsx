import { ShieldAlert, ShieldCheck, ShieldX } from 'lucide-react'
import { isEnded, type Run } from '#contract/runs/runs'
import { duration, waited } from '../../../lib/format.ts'
import { useMinute } from '../../../lib/now.ts'
import { isolated, visible } from '../../../lib/visible.ts'
import { Glyph } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import { ApprovalAnswer } from '../../approvals/approval-answer.tsx'
import { ApprovalBody, ApprovalReason } from '../../approvals/approval-body.tsx'
import { requestOf, subjectOf } from '../../approvals/approval-request.ts'
import { decisionWords, sentenceOf } from '../../approvals/approval-words.ts'
import { useApproval } from '../../approvals/approvals.ts'
import { useWho } from '../../who.ts'
import { useOpened } from '../stream/opened.ts'
import type { Asked } from '../stream/rows.ts'
import styles from './approval-entry.module.css'
import { Entry, Line } from './entry.tsx'

interface Props {
  entry: string
  asked: Asked
  run: Run
}

/** A request that waits is an amber card; decided, it folds to one line. */
export function ApprovalEntry({ entry, asked, run }: Props) {
  const { data: approval } = useApproval(asked.request.approvalId)
  const decided = asked.decision !== null || (approval && approval.status !== 'pending') || isEnded(run.status)
  return decided ? <Decided entry={entry} asked={asked} /> : <Waiting entry={entry} asked={asked} />
}

function Waiting({ entry, asked }: Omit<Props, 'run'>) {
  const { data: approval } = useApproval(asked.request.approvalId)
  const now = useMinute()
  const title = sentenceOf(asked.request.title, approval?.agentName ?? undefined)
  return (
    <Entry entry={entry} ts={asked.ts} icon={ShieldAlert} name={`Waiting for you: ${title}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset may not hold the form of a question */}
      <div className={styles.card} role="group" aria-label={isolated(title)} tabIndex={-1} data-request="">
        <div className={styles.title}>
          <Glyph tone="waiting" size={15} />
          <h2>{visible(title)}</h2>
          <span>waiting {waited(asked.ts, now)}</span>
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

function Decided({ entry, asked }: Omit<Props, 'run'>) {
  const { data: approval } = useApproval(asked.request.approvalId)
  const [open, toggle] = useOpened(entry, false)
  const who = useWho()
  const state = asked.decision?.state ?? approval?.status ?? 'expired'
  const { tone, words } = decisionWords({ kind: asked.request.approvalKind, state, scope: approval?.scope })
  const subject = approval ? subjectOf(requestOf(approval)) : asked.request.subject
  const by = asked.decision?.by ?? approval?.decidedBy
  const waitedMs = asked.decision?.waitedMs
  const reason = state === 'denied' ? (approval?.denyReason ?? asked.decision?.reason) : null
  return (
    <Entry entry={entry} ts={asked.ts} icon={tone === 'done' ? ShieldCheck : ShieldX} name={`${words}: ${subject}`}>
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
      {reason && (
        <p className={styles.denied}>
          “<Said>{reason}</Said>”
        </p>
      )}
      {open && approval && (
        <div className={styles.past}>
          <p>{visible(sentenceOf(asked.request.title))}</p>
          <ApprovalBody approval={approval} />
          <ApprovalReason approval={approval} />
        </div>
      )}
    </Entry>
  )
}
