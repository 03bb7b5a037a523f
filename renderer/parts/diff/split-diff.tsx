import { memo, useMemo } from 'react'
import type { Hunk } from '#contract/runs/events'
import { visible } from '../../lib/visible.ts'
import { type DiffLine, diffLines, sideBySide } from './diff-lines.ts'
import styles from './split-diff.module.css'

/** Old on the left, new on the right; lines that replace each other stand side by side. */
export const SplitDiff = memo(function SplitDiff({ hunks, label }: { hunks: readonly Hunk[]; label: string }) {
  const rows = useMemo(() => hunks.flatMap(hunk => sideBySide(diffLines(hunk))), [hunks])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={`Changes of ${label}, side by side`}>
      {rows.map(([before, after], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff never move
        <div key={i} className={styles.row}>
          <Half line={before} number={before?.oldNumber ?? null} />
          <Half line={after} number={after?.newNumber ?? null} />
        </div>
      ))}
    </section>
  )
})

function Half({ line, number }: { line: DiffLine | null; number: number | null }) {
  return (
    <span className={styles.half} data-kind={line?.kind ?? 'none'}>
      <span className={styles.number}>{number}</span>
      <span className={styles.text}>
        {line?.parts.map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line never move
          part.marked ? <mark key={i}>{visible(part.text)}</mark> : visible(part.text)
        )}
        {line?.unended && <span className={styles.note}> no newline at the end</span>}
      </span>
    </span>
  )
}
