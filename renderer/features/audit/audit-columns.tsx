import type { NamedAuditEntry } from '#contract/audit/audit'
import { exactTime, stamp } from '../../lib/format.ts'
import type { LogColumn } from '../../parts/log-table/log-row.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './audit.module.css'
import { detailWords, isBad, targetWords, throughWords } from './audit-words.ts'

/** `who`: how the one who reads calls an actor. */
export function auditColumns(who: (name: string) => string): readonly LogColumn<NamedAuditEntry>[] {
  return [
    {
      title: 'Time',
      cell: ({ ts }) => (
        <Tooltip text={exactTime(ts)}>
          <time className={styles.time} dateTime={ts}>
            {stamp(ts)}
          </time>
        </Tooltip>
      )
    },
    { title: 'Actor', cell: ({ actor }) => <Said className={styles.actor}>{who(actor.name)}</Said> },
    { title: 'Through', cell: ({ actor }) => <span className={styles.quiet}>{throughWords[actor.kind]}</span> },
    {
      title: 'Action',
      opens: true,
      cell: entry =>
        isBad(entry) ? (
          <span className={styles.bad}>
            <Glyph tone="failed" size={12} label={entry.outcome === 'refused' ? 'Refused' : 'Failed'} />
            <span className={styles.action}>{entry.action}</span>
          </span>
        ) : (
          <span className={styles.action}>{entry.action}</span>
        )
    },
    { title: 'On', cell: entry => <Said className={styles.on}>{targetWords(entry)}</Said> },
    { title: 'Detail', cell: entry => <Said>{detailWords(entry)}</Said> }
  ]
}
