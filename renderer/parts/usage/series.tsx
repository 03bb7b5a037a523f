import { Link } from 'wouter'
import type { CostSplit } from '#contract/money/costs'
import { Said } from '../../ui/said.tsx'
import type { DailyCosts } from './daily-costs.ts'
import styles from './day-chart.module.css'

const colors = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)'] as const

export function seriesColor(i: number): string {
  return colors[i] ?? colors[3]
}

const words: Record<CostSplit, { others: string; none: string }> = {
  model: { others: 'Other models', none: 'No model named' },
  agent: { others: 'Other agents', none: 'Runs of no agent' },
  runtime: { others: 'Other runtimes', none: 'Runtime not recorded' }
}

/** What a series is called: runs may name no model, be of no agent, and have ended before their runtime was counted. */
export function seriesName({ key, name }: DailyCosts['series'][number], split: CostSplit): string {
  return key === null ? words[split].others : nameOf(name, split)
}

export function nameOf(name: string, split: CostSplit): string {
  return name === '' ? words[split].none : name
}

interface LegendProps {
  names: readonly string[]
  /** Where a series is shown alone; null where it cannot be. */
  hrefs: readonly (string | null)[]
  forecast: boolean
}

export function Legend({ names, hrefs, forecast }: LegendProps) {
  return (
    <ul className={styles.legend}>
      {names.map((name, i) => (
        <li key={name}>
          <i style={{ background: seriesColor(i) }} />
          {hrefs[i] ? (
            <Link href={hrefs[i]} aria-label={`Show ${name} alone`}>
              <Said className="truncate">{name}</Said>
            </Link>
          ) : (
            <Said className="truncate">{name}</Said>
          )}
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
