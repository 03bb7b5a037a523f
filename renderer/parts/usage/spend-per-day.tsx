import { Link } from 'wouter'
import type { CostSplit } from '#contract/money/costs'
import { wordsOf } from '../../lib/call.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/notice.tsx'
import type { DailyCosts } from './daily-costs.ts'
import chart from './day-chart.module.css'
import { DayChart } from './day-chart.tsx'
import { DayTable } from './day-table.tsx'
import { useBudgets, useDailyCosts, useForecast } from './queries.ts'
import { Legend, seriesName } from './series.tsx'
import styles from './usage.module.css'
import type { UsageAddress } from './usage-address.ts'

const splitTitles: Record<CostSplit, string> = { model: 'By model', agent: 'By agent', runtime: 'By runtime' }

/** Each day of the range as a bar, or as a line of a table. */
export function SpendPerDay({ address }: { address: UsageAddress }) {
  const { agentId, runtime, split, asTable, day, today } = address
  const daily = useDailyCosts(address, split)
  const forecast = useForecast(address).data
  const budgets = useBudgets(agentId).data?.data
  // No budget is of one runtime.
  const limits =
    runtime === null
      ? (budgets?.filter(one => one.unit === 'usd' && one.period === 'day' && one.agentId === agentId) ?? [])
      : []
  const limit = limits.length === 0 ? null : Math.min(...limits.map(one => one.amount))
  const data = daily.data
  const names = data?.series.map(one => seriesName(one, split)) ?? []
  const days = data?.days ?? []
  const ahead = expectedDays(
    days.map(one => one.day),
    today,
    forecast
  )
  return (
    <section className={styles.spend} aria-label="Spend per day">
      <div className={styles.spendHead}>
        <h2>Spend per day</h2>
        <nav className={styles.segments} aria-label="Split">
          {address.splits.map(one => (
            <Link
              key={one}
              href={address.with({ split: one === 'model' ? null : one })}
              aria-current={split === one ? 'true' : undefined}
            >
              {splitTitles[one]}
            </Link>
          ))}
        </nav>
        <nav className={styles.segments} aria-label="Show as">
          <Link href={address.with({ view: null })} aria-current={asTable ? undefined : 'true'}>
            Chart
          </Link>
          <Link href={address.with({ view: 'table' })} aria-current={asTable ? 'true' : undefined}>
            Table
          </Link>
        </nav>
        {data && !asTable && <Legend names={names} hrefs={aloneOf(address, data.series)} forecast={ahead.size > 0} />}
      </div>
      {daily.error && !data && (
        <Problem
          title="The days could not be read"
          action={
            <Button small onClick={() => void daily.refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(daily.error)}
        </Problem>
      )}
      {!data && <div className={chart.noChart} />}
      {data && asTable && <DayTable days={data.days} names={names} />}
      {data && !asTable && (
        <DayChart
          days={days}
          names={names}
          forecast={ahead}
          limit={limit}
          chosen={day}
          onChoose={chosen => address.go({ day: chosen })}
        />
      )}
    </section>
  )
}

/** A series that is an agent or a runtime can be shown alone, unless it is; one of others, or of none, cannot. */
function aloneOf(address: UsageAddress, series: DailyCosts['series']): (string | null)[] {
  const { split, ofAgent, agentId, runtime } = address
  const shown = { model: undefined, agent: ofAgent ?? agentId, runtime }[split]
  return series.map(({ key }) => (split === 'model' || !key || shown !== null ? null : address.with({ [split]: key })))
}

/** Days to come of the month that the forecast is for, by the mean of their weekday, or of all days where it has none. */
function expectedDays(
  days: readonly string[],
  today: string,
  forecast: ReturnType<typeof useForecast>['data']
): ReadonlyMap<string, number> {
  const expected = new Map<string, number>()
  if (!forecast || forecast.forecastUsd === null) return expected
  const { weekdays, daysOfData, monthEnd } = forecast
  const overall = weekdays.reduce((sum, one) => sum + one.meanUsd * one.days, 0) / daysOfData
  for (const day of days) {
    if (day <= today || day >= monthEnd.slice(0, 10)) continue
    const weekday = new Date(day).getUTCDay()
    expected.set(day, weekdays.find(one => one.weekday === weekday)?.meanUsd ?? overall)
  }
  return expected
}
