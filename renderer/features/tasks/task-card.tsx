import { type DragEvent, type KeyboardEvent, memo } from 'react'
import { Link } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import type { Approval } from '#contract/runs/approvals'
import type { Epic, Task } from '#contract/work/tasks'
import { age, money, waited } from '../../lib/format.ts'
import { useMinute } from '../../lib/now.ts'
import { askLine } from '../../parts/approvals/approval-words.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Said } from '../../ui/said.tsx'
import { Ticking } from '../../ui/ticking.tsx'
import { EpicName } from './epic-name.tsx'
import { Priority } from './priority.tsx'
import styles from './task-card.module.css'
import { isQueued } from './task-moves.ts'

export interface CardFacts {
  agents: ReadonlyMap<string, Agent>
  epics: readonly Epic[]
  /** What its run asks, by run. */
  asked: ReadonlyMap<string, Approval>
}

interface Props extends CardFacts {
  task: Task
  href: string
  shown: boolean
  /** It is held above another column. */
  lifted: boolean
  /** What is being done to it. */
  busy: string | undefined
  movable: boolean
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  onFocus: () => void
  onDragStart: (event: DragEvent<HTMLElement>) => void
  menu: React.ReactNode
}

/** The link of a task on the board. */
export function cardOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)
}

export const TaskCard = memo(function TaskCard(props: Props) {
  const { task, href, shown, lifted, busy, movable, menu, agents, epics, asked } = props
  const agent = task.assigneeId === null ? null : agents.get(task.assigneeId)
  const epic = epics.find(one => one.id === task.epicId)
  return (
    <li className={styles.card} data-status={task.status} data-lifted={lifted || undefined}>
      <Link
        href={href}
        className={styles.link}
        data-card={task.id}
        aria-current={shown ? 'true' : undefined}
        aria-describedby={movable ? 'card-keys' : undefined}
        draggable={movable}
        onKeyDown={props.onKeyDown}
        onFocus={props.onFocus}
        onDragStart={props.onDragStart}
      >
        <span className={styles.head}>
          <Priority priority={task.priority} />
          <span>T-{task.number}</span>
          {epic && <EpicName epic={epic} epics={epics} />}
        </span>
        <span className={styles.title}>
          <Said>{task.title}</Said>
        </span>
        <LiveLine task={task} busy={busy} approval={task.runId === null ? undefined : asked.get(task.runId)} />
        <span className={styles.foot}>
          {task.assigneeId === null ? (
            <span className={styles.nobody}>Unassigned</span>
          ) : (
            <>
              <Avatar name={agent?.name ?? '?'} glyph={agent?.glyph ?? null} size="small" />
              <span className="truncate">{agent ? <Said>{agent.name}</Said> : 'An agent'}</span>
            </>
          )}
          <span className={styles.figure}>
            <Figure task={task} />
          </span>
        </span>
      </Link>
      <div className={styles.menu}>{menu}</div>
    </li>
  )
})

interface LineProps {
  task: Task
  busy: string | undefined
  approval: Approval | undefined
}

function LiveLine({ task, busy, approval }: LineProps) {
  if (busy) return <span className={styles.line}>{busy}</span>
  if (task.status === 'waiting') {
    return (
      <span className={styles.line}>{approval ? <Said exact>{askLine(approval)}</Said> : 'Waits for your answer'}</span>
    )
  }
  if (task.status === 'error' && task.error) {
    return (
      <span className={styles.line}>
        <Said>{task.error.slice(0, 200)}</Said>
      </span>
    )
  }
  if (isQueued(task)) return <span className={styles.line}>Queued</span>
  if (task.status === 'pending' && task.blockedBy.length > 0) {
    return <span className={styles.line}>Waits for {task.blockedBy.length} other</span>
  }
  return null
}

/** Time while it lives, money when it is done. */
function Figure({ task }: { task: Task }) {
  const now = useMinute()
  switch (task.status) {
    case 'running':
      return <Ticking from={task.startedAt ?? task.statusSince} />
    case 'waiting':
      return waited(task.statusSince, now)
    case 'error':
      return age(task.statusSince, now)
    case 'done':
      return task.costUsd ? money(task.costUsd) : age(task.statusSince, now)
    case 'pending':
      return age(task.createdAt, now)
    default:
      return task.status satisfies never
  }
}
