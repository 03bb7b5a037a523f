import type { z } from 'zod'
import { invalid } from '#contract/errors'
import { type exportCosts, type getDailyCosts, mostDays } from '#contract/money/costs'
import type { UsageLine, UsagePartRow, UsageSpan } from '../../store/money/usage.ts'
import type { Domain } from '../domain.ts'
import { tokensOf } from './budget-state.ts'
import { dayOf, groupedBy, spanOf, sumOf } from './usage.ts'

type DailyCosts = z.output<typeof getDailyCosts.output>
export type CostLine = UsageLine
type Day = DailyCosts['days'][number]

const dayMs = 24 * 3_600_000

export function dailyCosts(domain: Domain, query: z.output<typeof getDailyCosts.query>): DailyCosts {
  const { span, days } = daysOf(domain, query)
  const all = groupedBy(domain, span, query.split).sort((a, b) => b.cost_usd - a.cost_usd || tokensOf(b) - tokensOf(a))
  // One other alone is named like the rest.
  const apart = all.length === query.apart + 1 ? all : all.slice(0, query.apart)
  const others = all.slice(apart.length)
  const series: DailyCosts['series'] = apart.map(({ key, name, cost_usd }) => ({ key, name, costUsd: cost_usd }))
  if (others.length > 0) series.push({ key: null, name: '', costUsd: sumOf(others).cost_usd })
  const parts = domain.store.usage.parted(
    span,
    query.split,
    apart.map(({ key }) => key)
  )
  const byDay = Map.groupBy(parts, ({ day }) => day)
  return { series, days: days.map(day => toDay(day, byDay.get(day) ?? [], series)) }
}

function toDay(day: string, rows: readonly UsagePartRow[], series: DailyCosts['series']): Day {
  const { runs, unpriced, cost_usd: costUsd, ...sums } = sumOf(rows)
  const parts = series.map(({ key }) => {
    const row = rows.find(one => one.key === key)
    return { costUsd: row?.cost_usd ?? 0, tokens: row ? tokensOf(row) : 0 }
  })
  return { day, runs, unpriced, costUsd, tokens: tokensOf(sums), parts }
}

/** The days of a span one after the other, so that a long one lets others have their turn. Throws at once. */
export function costLines(domain: Domain, query: z.output<typeof exportCosts.query>): AsyncIterable<CostLine[]> {
  const { span, days } = daysOf(domain, query)
  return (async function* lines() {
    for (const day of days) yield domain.store.usage.linesOf(day, span)
  })()
}

function daysOf(
  domain: Domain,
  query: { from: string; to: string; agentId?: string | undefined; runtime?: string | undefined }
): { span: UsageSpan; days: string[] } {
  const { from, to } = query
  if (from > to) throw invalid('from', 'must not be after the last day')
  const first = Date.parse(from)
  const count = Math.round((Date.parse(to) - first) / dayMs) + 1
  if (count > mostDays) throw invalid('from', `at most ${mostDays} days can be asked for at once; these are ${count}`)
  const span = spanOf(domain, { period: 'day', ...query })
  return { span, days: Array.from({ length: count }, (_, i) => dayOf(first + i * dayMs)) }
}
