import { Check, Undo2 } from 'lucide-react'
import { Fragment, memo, type ReactNode, useMemo } from 'react'
import type { Hunk } from '#contract/runs/events'
import type { ReviewComment } from '#contract/runs/review'
import { visible } from '../../../lib/visible.ts'
import { type DiffLine, diffLines, sideBySide } from '../../../parts/diff/diff-lines.ts'
import { Button } from '../../../ui/button.tsx'
import { firstChanged } from './cursor.ts'
import styles from './hunk-view.module.css'
import type { Verdict } from './verdicts.ts'

export interface Spot {
  side: 'old' | 'new'
  line: number
  quote: string
}

interface Props {
  hunk: Hunk
  split: boolean
  verdict: Verdict
  /** Its lines may be kept and discarded one hunk at a time. */
  apart: boolean
  /** It is where the keys act. */
  current: boolean
  /** The line that is chosen in it. */
  line: number | null
  comments: readonly ReviewComment[]
  /** What stands below a line: a comment that is written. */
  below: (spot: Spot) => ReactNode
  card: (comment: ReviewComment) => ReactNode
  onSpot: (spot: Spot) => void
  onJudge: (verdict: Verdict) => void
}

/** One hunk with what can be done with it and what was said of its lines. */
export const HunkView = memo(function HunkView(props: Props) {
  const { hunk, split, verdict, apart, current, line } = props
  const lines = useMemo(() => diffLines(hunk), [hunk])
  const last = Math.max(hunk.newStart, hunk.newStart + hunk.newLines - 1)
  const title = hunk.newLines === 0 ? `line ${hunk.oldStart}, removed` : `lines ${hunk.newStart} to ${last}`
  const chosen = current ? (line ?? firstChanged(hunk.lines)) : null
  const rows = split ? (
    <SplitRows {...props} lines={lines} chosen={chosen} />
  ) : (
    <UnifiedRows {...props} lines={lines} chosen={chosen} />
  )
  return (
    <section
      className={styles.hunk}
      aria-label={`Hunk, ${title}`}
      aria-current={current ? 'true' : undefined}
      data-verdict={verdict ?? undefined}
    >
      <header className={styles.head}>
        <span>@@ {title}</span>
        {apart && <Verdicts verdict={verdict} onJudge={props.onJudge} />}
      </header>
      <div className={styles.lines}>{rows}</div>
    </section>
  )
})

export function Verdicts({
  verdict,
  what = 'hunk',
  onJudge
}: {
  verdict: Verdict
  what?: string
  onJudge: (verdict: Verdict) => void
}) {
  if (verdict !== null)
    return (
      <span className={styles.verdict}>
        {verdict === 'kept' ? <Check size={14} aria-hidden /> : <Undo2 size={14} aria-hidden />}
        {verdict === 'kept' ? 'Kept' : 'Discarded'}
        <Button small look="ghost" onClick={() => onJudge(null)}>
          Undo
        </Button>
      </span>
    )
  return (
    <span className={styles.verdict}>
      <Button small look="ghost" icon={Undo2} onClick={() => onJudge('discarded')}>
        Discard {what}
      </Button>
      <Button small icon={Check} onClick={() => onJudge('kept')}>
        Keep {what}
      </Button>
    </span>
  )
}

interface RowsProps extends Props {
  lines: readonly DiffLine[]
  chosen: number | null
}

const signs = { same: ' ', added: '+', removed: '-' } as const
const words = { same: '', added: 'Added: ', removed: 'Removed: ' } as const

function UnifiedRows({ lines, chosen, ...props }: RowsProps) {
  return lines.map((line, at) => {
    const spot = spotOf(line)
    return (
      <Fragment key={`${line.oldNumber}:${line.newNumber}`}>
        <div className={styles.line} data-kind={line.kind} data-chosen={chosen === at || undefined}>
          <LineNumber number={line.oldNumber} spot={spot} onSpot={props.onSpot} />
          <LineNumber number={line.newNumber} spot={spot} onSpot={props.onSpot} />
          <span className={styles.sign} aria-hidden>
            {signs[line.kind]}
          </span>
          <LineText line={line} />
        </div>
        <Said {...props} spots={[spot]} />
      </Fragment>
    )
  })
}

function SplitRows({ lines, chosen, ...props }: RowsProps) {
  const rows = sideBySide(lines)
  const chosenLine = chosen === null ? null : lines[chosen]
  return rows.map(([before, after], at) => {
    const spots = [before, after].flatMap(line =>
      line ? [spotOf(line, line === before && line.kind === 'removed')] : []
    )
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff never move
      <Fragment key={at}>
        <div className={styles.row}>
          <Half
            line={before}
            number={before?.oldNumber ?? null}
            chosen={before !== null && before === chosenLine}
            onSpot={props.onSpot}
          />
          <Half
            line={after}
            number={after?.newNumber ?? null}
            chosen={after !== null && after === chosenLine}
            onSpot={props.onSpot}
          />
        </div>
        <Said {...props} spots={before === after ? spots.slice(0, 1) : spots} />
      </Fragment>
    )
  })
}

function Half({
  line,
  number,
  chosen,
  onSpot
}: {
  line: DiffLine | null
  number: number | null
  chosen: boolean
  onSpot: Props['onSpot']
}) {
  return (
    <div className={styles.half} data-kind={line?.kind ?? 'none'} data-chosen={chosen || undefined}>
      {line ? <LineNumber number={number} spot={spotOf(line)} onSpot={onSpot} /> : <span />}
      {line && <LineText line={line} />}
    </div>
  )
}

/** A press on a number says something of its line. The keys do the same, so that it is no stop of the tab key. */
function LineNumber({ number, spot, onSpot }: { number: number | null; spot: Spot; onSpot: Props['onSpot'] }) {
  if (number === null) return <span className={styles.number} />
  return (
    <button
      type="button"
      className={styles.number}
      tabIndex={-1}
      aria-label={`Comment on line ${spot.line}`}
      onClick={() => onSpot(spot)}
    >
      {number}
    </button>
  )
}

function LineText({ line }: { line: DiffLine }) {
  return (
    <span className={styles.text}>
      {line.kind !== 'same' && <span className="hidden-label">{words[line.kind]}</span>}
      {line.parts.map((part, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line never move
        part.marked ? <mark key={at}>{visible(part.text)}</mark> : <Fragment key={at}>{visible(part.text)}</Fragment>
      )}
      {line.unended && <span className={styles.note}> no newline at the end</span>}
    </span>
  )
}

function Said({
  comments,
  spots,
  below,
  card
}: Pick<Props, 'comments' | 'below' | 'card'> & { spots: readonly Spot[] }) {
  const here = spots.flatMap(spot => comments.filter(({ side, line }) => side === spot.side && line === spot.line))
  const boxes = spots.map(spot => below(spot)).filter(box => box !== null)
  if (here.length === 0 && boxes.length === 0) return null
  return (
    <div className={styles.said}>
      {here.map(card)}
      {boxes}
    </div>
  )
}

/** A line that was removed is counted before the run, any other one after it. */
export function spotOf(line: DiffLine, old = line.kind === 'removed'): Spot {
  const quote = line.parts
    .map(part => part.text)
    .join('')
    .slice(0, 2000)
  if (old) return { side: 'old', line: line.oldNumber ?? 1, quote }
  return { side: 'new', line: line.newNumber ?? line.oldNumber ?? 1, quote }
}
