import { useLocation, useSearch } from 'wouter'
import { type CostSplit, costSplits, mostDays } from '#contract/money/costs'
import { dayOf, isDay, lengthOf, type Period, periods, type Range, rangeOf } from './dates.ts'

type Name = 'period' | 'from' | 'to' | 'split' | 'day' | 'agent' | 'runtime' | 'view'

/**
 * What the page shows, as it stands in the URL. What does not fit there counts as not said. Of one agent it is a tab of its page, and
 * no other can be chosen.
 */
export function useUsageAddress(ofAgent: string | null) {
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const today = dayOf(Date.now())
  const from = params.get('from')
  const to = params.get('to')
  const given = isDay(from) && isDay(to) && from <= to && lengthOf({ from, to }) <= mostDays ? { from, to } : null
  const period = periods.find(one => one === params.get('period')) ?? (given ? null : 'month')
  const range: Range = given ?? rangeOf(period ?? 'month', today)
  const day = params.get('day')
  const splits = costSplits.filter(one => one !== 'agent' || ofAgent === null)
  const split: CostSplit = splits.find(one => one === params.get('split')) ?? 'model'
  const path = ofAgent === null ? '/usage' : `/fleet/${ofAgent}`
  const addressWith = (changes: Partial<Record<Name, string | null>>) => {
    const after = new URLSearchParams(location.search)
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined) after.delete(name)
      else after.set(name, value)
    }
    return after.size === 0 ? path : `${path}?${after}`
  }
  return {
    today,
    period,
    range,
    /** By what the days can be split. */
    splits,
    split,
    /** Of the range: the tables show it alone. */
    day: isDay(day) && day >= range.from && day <= range.to ? day : null,
    ofAgent,
    agentId: ofAgent ?? params.get('agent'),
    runtime: params.get('runtime') || null,
    asTable: params.get('view') === 'table',
    /** It is the period that runs now. */
    current: range.from <= today && today <= range.to,
    withPeriod: (next: Period) => addressWith({ period: next, from: null, to: null, day: null }),
    withRange: (next: Range, keep: Period | null) => addressWith({ ...next, period: keep, day: null }),
    with: addressWith,
    go: (changes: Partial<Record<Name, string | null>>) => navigate(addressWith(changes))
  }
}

export type UsageAddress = ReturnType<typeof useUsageAddress>
