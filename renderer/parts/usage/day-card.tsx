import { count, money, tokens } from '../../lib/format.ts'
import { Said } from '../../ui/said.tsx'
import type { DailyCosts } from './daily-costs.ts'
import { dayWords } from './dates.ts'
import styles from './day-chart.module.css'
import { seriesColor } from './series.tsx'

interface Props {
  day: DailyCosts['days'][number]
  names: readonly string[]
  expected: number | undefined
  x: number
  width: number
}

/** What a bar is made of. The name of its button says the same. */
export function DayCard({ day, names, expected, x, width }: Props) {
  const side = x > width / 2 ? { right: width - x + 14 } : { left: x + 14 }
  return (
    <div className={styles.card} style={side} aria-hidden>
      <p className={styles.cardHead}>
        <span>{dayWords(day.day)}</span>
        <span>{day.runs === 0 && expected ? `about ${money(expected)}` : money(day.costUsd)}</span>
      </p>
      {day.parts.map((part, i) =>
        part.tokens > 0 || part.costUsd > 0 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place
          <p key={i}>
            <i style={{ background: seriesColor(i) }} />
            <Said className="truncate">{names[i] ?? ''}</Said>
            <span>{part.costUsd === 0 ? `${tokens(part.tokens)} tokens` : money(part.costUsd)}</span>
          </p>
        ) : null
      )}
      <p className={styles.cardFoot}>
        {day.runs === 0
          ? expected
            ? 'Forecast'
            : 'No runs'
          : [count(day.runs, 'run'), `${tokens(day.tokens)} tokens`].join(' · ')}
      </p>
      {day.unpriced > 0 && <p className={styles.cardFoot}>{count(day.unpriced, 'run')} of unknown price</p>}
    </div>
  )
}
