import type { z } from 'zod'
import { fewestForecastDays, forecastDays, type getForecast } from '#contract/money/costs'
import type { UsageOf } from '../../store/money/usage.ts'
import type { Domain } from '../domain.ts'
import { requireAgent } from '../fleet/agents.ts'
import { windowOf } from './budget-state.ts'
import { boundsOf, dayOf, totalOf } from './usage.ts'

type Forecast = z.output<typeof getForecast.output>

const dayMs = 24 * 3_600_000

interface DayCost {
  at: number
  cost: number
}

export function forecast(domain: Domain, query: z.output<typeof getForecast.query>): Forecast {
  const agentId = query.agentId === undefined ? null : requireAgent(domain, query.agentId).id
  const of = { agentId, runtime: query.runtime ?? null, sight: domain.sight }
  const now = domain.clock.now()
  const { start, end } = windowOf('month', now)
  const today = windowOf('day', now).start
  const total = totalOf(domain, { from: dayOf(start), to: dayOf(today), ...of })
  const spentToday = totalOf(domain, { from: dayOf(today), to: dayOf(today), ...of }).costUsd ?? 0
  const days = lastDays(domain, today, of)
  const known = days.length >= fewestForecastDays && total.costUsd !== null
  const ahead = known ? spendAhead(days, { today, end, spentToday }) : null
  return {
    monthStart: boundsOf(domain, { from: dayOf(start), to: dayOf(today), ...of }).from,
    monthEnd: new Date(end).toISOString(),
    spentUsd: total.costUsd,
    estimatedUsd: total.estimatedUsd,
    unpriced: total.unpriced,
    forecastUsd: ahead === null ? null : (total.costUsd ?? 0) + ahead,
    reason: known ? null : reasonOf(days.length),
    daysOfData: days.length,
    weekdays: weekdaysOf(days)
  }
}

function reasonOf(days: number): string {
  return days < fewestForecastDays
    ? `There are ${days} full days of data; a forecast needs ${fewestForecastDays}`
    : 'No cost of this month is known'
}

/** Full days up to yesterday, from the first one on which anything ran; a day without runs cost nothing. */
function lastDays(domain: Pick<Domain, 'store'>, today: number, of: UsageOf): DayCost[] {
  const first = domain.store.usage.firstDay(of)
  if (first === null) return []
  const from = Math.max(today - forecastDays * dayMs, Date.parse(first))
  const rows = domain.store.usage.grouped({ from: dayOf(from), to: dayOf(today - dayMs), ...of }, 'day')
  const costs = new Map(rows.map(row => [row.key, row.cost_usd]))
  const days: DayCost[] = []
  for (let at = from; at < today; at += dayMs) days.push({ at, cost: costs.get(dayOf(at)) ?? 0 })
  return days
}

function weekdaysOf(days: readonly DayCost[]): Forecast['weekdays'] {
  const found = Map.groupBy(days, day => new Date(day.at).getUTCDay())
  return [...found]
    .map(([weekday, same]) => ({ weekday, days: same.length, meanUsd: meanOf(same) }))
    .sort((a, b) => a.weekday - b.weekday)
}

function meanOf(days: readonly DayCost[]): number {
  return days.reduce((sum, day) => sum + day.cost, 0) / days.length
}

function spendAhead(
  days: readonly DayCost[],
  { today, end, spentToday }: { today: number; end: number; spentToday: number }
) {
  const means = new Map(weekdaysOf(days).map(({ weekday, meanUsd }) => [weekday, meanUsd]))
  const overall = meanOf(days)
  const expected = (at: number) => means.get(new Date(at).getUTCDay()) ?? overall
  let sum = Math.max(0, expected(today) - spentToday)
  for (let at = today + dayMs; at < end; at += dayMs) sum += expected(at)
  return sum
}
