import { Fragment, memo, useMemo, useState } from 'react'
import type { Hunk } from '#contract/runs/events'
import { count } from '../../lib/format.ts'
import { visible } from '../../lib/visible.ts'
import { diffLines } from './diff-lines.ts'
import styles from './diff-view.module.css'

const signs = { same: ' ', added: '+', removed: '-' } as const
const words = { same: '', added: 'Added: ', removed: 'Removed: ' } as const
const shownAtFirst = 400

interface Props {
  hunks: readonly Hunk[]
  label: string
  /** Off where only parts of a file are known: their lines have no numbers that are true. */
  numbered?: boolean
}

/** A unified diff. A long one shows its beginning until the reader asks for all of it. */
export const DiffView = memo(function DiffView({ hunks, label, numbered = true }: Props) {
  const [all, setAll] = useState(false)
  const blocks = useMemo(() => hunks.map(diffLines), [hunks])
  const total = blocks.reduce((sum, lines) => sum + lines.length, 0)
  let budget = all ? Number.POSITIVE_INFINITY : shownAtFirst
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={`Changes of ${label}`}>
      <div className={styles.diff} data-numbered={numbered || undefined}>
        {blocks.map((lines, i) => {
          const shown = lines.slice(0, Math.max(0, budget))
          budget -= lines.length
          const hunk = hunks[i]
          return (
            <Fragment key={hunk ? `${hunk.oldStart}:${hunk.newStart}` : i}>
              {i > 0 && shown.length > 0 && <span className={styles.gap}>⋯</span>}
              {shown.map(line => (
                <span key={`${line.oldNumber}:${line.newNumber}`} className={styles.line} data-kind={line.kind}>
                  {numbered && (
                    <>
                      <span className={styles.number}>{line.oldNumber}</span>
                      <span className={styles.number}>{line.newNumber}</span>
                    </>
                  )}
                  <span className={styles.sign} aria-hidden>
                    {signs[line.kind]}
                  </span>
                  <span className={styles.text}>
                    {line.kind !== 'same' && <span className="hidden-label">{words[line.kind]}</span>}
                    {line.parts.map((part, at) =>
                      part.marked ? (
                        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line never move
                        <mark key={at}>{visible(part.text)}</mark>
                      ) : (
                        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line never move
                        <Fragment key={at}>{visible(part.text)}</Fragment>
                      )
                    )}
                    {line.unended && <span className={styles.note}> no newline at the end</span>}
                  </span>
                </span>
              ))}
            </Fragment>
          )
        })}
      </div>
      {!all && total > shownAtFirst && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show {count(total - shownAtFirst, 'more line')}
        </button>
      )}
    </section>
  )
})

export function LineCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className={styles.counts}>
      <span className={styles.plus}>+{added}</span> <span className={styles.minus}>−{removed}</span>
    </span>
  )
}
