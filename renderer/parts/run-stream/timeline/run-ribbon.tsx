import { isEnded, type Run } from '#contract/runs/runs'
import { duration } from '../../../lib/format.ts'
import { useNow } from '../../../lib/now.ts'
import type { Row } from '../stream/rows.ts'
import { Ribbon, spanWords } from './ribbon.tsx'
import styles from './run-ribbon.module.css'
import { timelineOf, wholeSums } from './timeline.ts'

interface Props {
  run: Run
  rows: readonly Row[]
}

export function RunRibbon({ run, rows, onJump }: Props & { onJump: (seq: number) => void }) {
  const timeline = timelineOf(run, rows, useNow(!isEnded(run.status)))
  return timeline ? <Ribbon timeline={timeline} onJump={onJump} /> : <div className={styles.none} />
}

/** Where the time of the whole run went, for the rail: together as long as the run. */
export function TimeSums({ run, rows }: Props) {
  const now = useNow(!isEnded(run.status))
  const loaded = timelineOf(run, rows, now)?.sums
  if (!loaded) return null
  const sums = wholeSums(run, loaded, now)
  return (
    <dl className={styles.sums}>
      {(['model', 'tools', 'waiting'] as const).map(kind => (
        <div key={kind}>
          <i data-kind={kind} aria-hidden />
          <dt>{spanWords[kind]}</dt>
          <dd>{duration(sums[kind])}</dd>
        </div>
      ))}
    </dl>
  )
}
