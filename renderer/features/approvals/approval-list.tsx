import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Approval } from '#contract/runs/approvals'
import { age, waited } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { isolated } from '../../lib/visible.ts'
import { AgentAvatar } from '../../parts/agent-avatar.tsx'
import { requestOf, subjectOf } from '../../parts/approvals/approval-request.ts'
import { askLine, askOf, decisionWords } from '../../parts/approvals/approval-words.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './approvals-page.module.css'
import { ComingUp } from './coming-up.tsx'
import { useComingUp } from './queries.ts'
import { addressOf, type Tab } from './tab.ts'

interface Props {
  waiting: readonly Approval[]
  decided: readonly Approval[]
  tab: Tab
  /** Decided ones in all. */
  total: number
  shown: string | undefined
  selected: ReadonlySet<string>
  onSelect: (approval: Approval) => void
}

/** What the id of a request's link in the list begins with. */
export const requestLink = 'request-'

/** The link of a request in the list. */
export function itemOf(id: string): HTMLElement | null {
  return document.getElementById(requestLink + id)
}

export function ApprovalList({ waiting, decided, tab, total, shown, selected, onSelect }: Props) {
  const coming = useComingUp() ?? []
  if (tab === 'decided') {
    return (
      <nav className={styles.list} aria-label="Requests">
        {decided.length === 0 && <p className={styles.nothing}>Nothing was decided yet.</p>}
        {decided.length > 0 && <Group title="Decided" note="latest first" approvals={decided} shown={shown} />}
        {total > decided.length && (
          <p className={styles.nothing}>
            The latest {decided.length} of {total.toLocaleString('en-US')}.
          </p>
        )}
      </nav>
    )
  }
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
              <input
                type="checkbox"
                aria-label={`Select ${isolated(askLine(approval))}`}
                checked={selected.has(approval.id)}
                onChange={() => onSelect(approval)}
              />
            </label>
          )
        }
      />
      {coming.length > 0 && <ComingUp flows={coming} />}
      {decided.length > 0 && <Group title="Decided" note="in the last hour" approvals={decided} shown={shown} />}
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
    <section aria-label={`${title}, ${note}`}>
      <h2 className={styles.group}>
        {title} <span>{note}</span>
      </h2>
      {approvals.length === 0 && <p className={styles.nothing}>Nothing waits for you.</p>}
      <ul>
        {approvals.map(approval => (
          <li key={approval.id} className={styles.row}>
            <ListItem approval={approval} on={approval.id === shown} />
            {mark?.(approval)}
          </li>
        ))}
      </ul>
    </section>
  )
}

function ListItem({ approval, on }: { approval: Approval; on: boolean }) {
  const now = useMinute()
  const { tone, words } = decisionWords({ ...approval, state: approval.status })
  const { who, verb, subject } = askOf(approval)
  const pending = approval.status === 'pending'
  const line = subject === '' ? subjectOf(requestOf(approval)) : subject
  return (
    <Link
      href={addressOf(approval.id)}
      className={styles.item}
      id={requestLink + approval.id}
      aria-current={on ? 'true' : undefined}
    >
      <AgentAvatar id={approval.agentId} name={who} />
      <span className={styles.title}>
        <span className="truncate">
          <b>
            <Said>{who}</Said>
          </b>{' '}
          <Said exact>{verb}</Said>
        </span>
        <time dateTime={approval.createdAt}>
          {pending ? waited(approval.createdAt, now) : age(approval.decidedAt ?? approval.createdAt, now)}
        </time>
      </span>
      <span className={styles.line}>
        <Glyph tone={tone} size={12} label={words} />
        {!pending && <span className={styles.words}>{words}</span>}
        <span className={approval.kind === 'tool' ? `truncate ${styles.subject}` : 'truncate'}>
          <Said exact>{line}</Said>
        </span>
      </span>
    </Link>
  )
}
