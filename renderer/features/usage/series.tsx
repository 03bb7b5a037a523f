import type { CostSplit } from '#contract/money/costs'
import { Said } from '../../ui/said.tsx'
import type { DailyCosts } from './daily-costs.ts'
import styles from './day-chart.module.css'

const colors = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)'] as const

export function seriesColor(i: number): string {
  return colors[i] ?? colors[3]
}

/** What a series is called: runs may name no model, and be of no agent. */
export function seriesName({ key, name }: DailyCosts['series'][number], split: CostSplit): string {
  if (key === null) return split === 'model' ? 'Other models' : 'Other agents'
  return nameOf(name, split)
}

export function nameOf(name: string, split: CostSplit): string {
  if (name !== '') return name
  return split === 'model' ? 'No model named' : 'Runs of no agent'
}

export function Legend({ names, forecast }: { names: readonly string[]; forecast: boolean }) {
  return (
    <ul className={styles.legend}>
      {names.map((name, i) => (
        <li key={name}>
          <i style={{ background: seriesColor(i) }} />
          <Said className="truncate">{name}</Said>
        </li>
      ))}
      {forecast && (
        <li>
          <i className={styles.expected} />
          Forecast
        </li>
      )}
    </ul>
  )
}
