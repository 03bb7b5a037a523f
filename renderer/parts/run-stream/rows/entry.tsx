import { ChevronDown, ChevronRight, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { exactTime, timeOfDay, twelveHours } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import styles from './entry.module.css'

interface EntryProps {
  /** Key of the entry, by which the keyboard finds it. */
  entry: string
  ts: string | null
  icon?: LucideIcon
  /** What a screen reader calls it. */
  name: string
  children: ReactNode
}

/** The grid of the stream: time, icon, content. */
export function Entry({ entry, ts, icon: Icon, name, children }: EntryProps) {
  return (
    <article
      className={styles.entry}
      data-entry={entry}
      tabIndex={-1}
      aria-label={visible(name)}
      data-wide-time={twelveHours || undefined}
    >
      {ts === null ? (
        <span />
      ) : (
        <time dateTime={ts} title={exactTime(ts)}>
          {timeOfDay(ts)}
        </time>
      )}
      <span className={styles.icon}>{Icon && <Icon size={14} strokeWidth={2} aria-hidden />}</span>
      <div className={styles.content}>{children}</div>
    </article>
  )
}

interface LineProps {
  open: boolean
  onToggle: () => void
  name: ReactNode
  argument?: ReactNode
  /** At the far end: result in a few words, time. */
  facts?: ReactNode
  /** Controls beside the line, which do not turn it. */
  tools?: ReactNode
  boxed?: boolean
}

/** The one line of something that opens. */
export function Line({ open, onToggle, name, argument, facts, tools, boxed }: LineProps) {
  const Chevron = open ? ChevronDown : ChevronRight
  const turn = (
    <button type="button" className={styles.turn} aria-expanded={open} onClick={onToggle}>
      <span className={styles.name}>{name}</span>
      {argument !== undefined && <span className={styles.argument}>{argument}</span>}
      <span className={styles.facts}>
        {facts}
        <Chevron size={14} aria-hidden />
      </span>
    </button>
  )
  if (!boxed) return turn
  return (
    <div className={styles.boxed}>
      {turn}
      {tools && <span className={styles.tools}>{tools}</span>}
    </div>
  )
}
