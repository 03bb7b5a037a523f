import { type FlowOutcome, recentOutcomes } from '#contract/work/flows'
import styles from './flow-outcomes.module.css'
import { recentWords } from './flow-words.ts'

const step = 6
const base = 12
const height = 20

/** From the line up, or down: each silhouette is its own. */
const bars: Record<FlowOutcome | 'running', { y: number; height: number }> = {
  completed: { y: 2, height: base - 2 },
  running: { y: 2, height: base - 2 },
  failed: { y: base, height: 8 },
  skipped: { y: base - 3, height: 3 },
  refused: { y: base, height: 3 }
}

function Bar({ at, of }: { at: number; of: FlowOutcome | 'running' }) {
  return <rect x={at * step} width={step - 1} {...bars[of]} data-of={of} />
}

/** What came of the last times, oldest first: done rises above the line, failed drops below it, the others are stubs. */
export function OutcomeStrip({ recent, running }: { recent: readonly FlowOutcome[]; running: boolean }) {
  const shown = recent.slice(running ? -(recentOutcomes - 1) : -recentOutcomes)
  const words = recentWords(recent, running)
  const width = recentOutcomes * step
  return (
    <svg
      className={styles.strip}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      {shown.map((outcome, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the times are their places
        <Bar key={at} at={at} of={outcome} />
      ))}
      {running && <Bar at={shown.length} of="running" />}
    </svg>
  )
}

const legend: readonly { of: FlowOutcome; words: string }[] = [
  { of: 'completed', words: 'done' },
  { of: 'failed', words: 'failed, below the line' },
  { of: 'skipped', words: 'skipped' },
  { of: 'refused', words: 'refused, below the line' }
]

export function OutcomeLegend() {
  return (
    <p className={styles.legend}>
      {legend.map(({ of, words }) => (
        <span key={of}>
          <svg className={styles.strip} width={step} height={height} aria-hidden>
            <Bar at={0} of={of} />
          </svg>
          {words}
        </span>
      ))}
    </p>
  )
}
