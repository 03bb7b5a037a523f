import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Approval } from '#contract/runs/approvals'
import { age, waited } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { visible } from '../../lib/visible.ts'
import { requestOf, subjectOf } from '../../parts/approvals/approval-request.ts'
import { decisionWords, sentenceOf } from '../../parts/approvals/approval-words.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './approvals-page.module.css'

interface Props {
  waiting: readonly Approval[]
  decided: readonly Approval[]
  shown: string | undefined
  selected: ReadonlySet<string>
  onSelect: (approval: Approval) => void
}

export function ApprovalList({ waiting, decided, shown, selected, onSelect }: Props) {
  return (
    <nav className={styles.list} aria-label="Requests" data-selecting={selected.size > 0 || undefined}>
      <Group
        title="Waiting"
        note="oldest first"
        approvals={waiting}
        shown={shown}
        mark={approval =>
          isSelectable(approval) && (
            <label className={styles.check}>
              <input type="checkbox" checked={selected.has(approval.id)} onChange={() => onSelect(approval)} />
              <span className="hidden-label">Select {subjectOf(requestOf(approval))}</span>
            </label>
          )
        }
      />
      {decided.length > 0 && <Group title="Decided" note="latest first" approvals={decided} shown={shown} />}
    </nav>
  )
}

interface GroupProps {
  title: string
  note: string
  approvals: readonly Approval[]
  shown: string | undefined
  /** Stands beside a request. */
  mark?: (approval: Approval) => ReactNode
}

/** A question or a plan wants an answer of its own. */
export function isSelectable({ kind }: Approval): boolean {
  return kind === 'tool'
}

function Group({ title, note, approvals, shown, mark }: GroupProps) {
  return (
    <section>
      <h2 className={styles.group}>
        {title} <span>{note}</span>
      </h2>
      {approvals.length === 0 && <p className={styles.nothing}>Nothing waits for you.</p>}
      <ul>
        {approvals.map(approval => (
          <li key={approval.id} className={styles.row}>
            {mark?.(approval)}
            <ListItem approval={approval} on={approval.id === shown} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ListItem({ approval, on }: { approval: Approval; on: boolean }) {
  const now = useMinute()
  const { tone, words } = decisionWords({ ...approval, state: approval.status })
  const subject = visible(subjectOf(requestOf(approval)))
  const pending = approval.status === 'pending'
  return (
    <Link href={`/approvals/${approval.id}`} className={styles.item} aria-current={on ? 'true' : undefined}>
      <span className={styles.title}>
        <span className="truncate">{visible(sentenceOf(approval.title))}</span>
        <time dateTime={approval.createdAt}>
          {pending ? waited(approval.createdAt, now) : age(approval.decidedAt ?? approval.createdAt, now)}
        </time>
      </span>
      <span className={styles.line}>
        <Glyph tone={tone} size={12} label={words} />
        {!pending && <span className={styles.words}>{words}</span>}
        <span className={approval.kind === 'tool' ? `truncate ${styles.subject}` : 'truncate'}>{subject}</span>
      </span>
    </Link>
  )
}
