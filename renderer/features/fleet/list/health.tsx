import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { type Budget, listBudgets } from '#contract/money/budgets'
import { getForecast } from '#contract/money/costs'
import { getUsage } from '#contract/money/usage'
import { call } from '../../../lib/call.ts'
import { count, exactMoney, money, waited } from '../../../lib/format.ts'
import { useMinute } from '../../../lib/now.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useSystem } from '../../../parts/system.ts'
import { Glyph, type Tone } from '../../../ui/glyph.tsx'
import { Meter } from '../../../ui/meter.tsx'
import type { Member } from './fleet-lines.ts'
import styles from './health.module.css'

/** Who needs a person, what moves, what failed and what it costs: each leads to the list of it. */
export function Health({ members }: { members: readonly Member[] }) {
  const system = useSystem().data
  const today = useQuery({
    queryKey: keys.usageToday,
    queryFn: ({ signal }) => call(getUsage, { query: { period: 'day' }, signal })
  }).data?.total
  const now = useMinute()
  const running = members.filter(({ state }) => state === 'running').length
  const waiting = system?.pendingApprovals ?? 0
  const oldest = system?.oldestPendingApprovalAt
  return (
    <section className={styles.strip} aria-label="Health of the fleet">
      <Cell href="/runs?status=running" tone="running" title="Running" value={String(running)}>
        of {count(members.length, 'agent')}
      </Cell>
      <Cell href="/approvals" tone="waiting" title="Waiting for you" value={String(waiting)} urgent={waiting > 0}>
        {oldest ? `oldest ${waited(oldest, now)}` : 'nobody'}
      </Cell>
      <Cell href="/runs?status=failed" tone="failed" title="Failed today" value={String(today?.failed ?? '–')}>
        of {count(today?.runs ?? 0, 'run')}
      </Cell>
      <Spend usd={today?.costUsd ?? null} unpriced={today?.unpriced ?? 0} runs={today?.runs ?? 0} />
    </section>
  )
}

interface CellProps {
  href: string
  tone: Tone
  title: string
  value: string
  urgent?: boolean
  children: ReactNode
}

function Cell({ href, tone, title, value, urgent, children }: CellProps) {
  return (
    <Link href={href} className={styles.cell} data-urgent={urgent || undefined}>
      <span className={styles.label}>
        <Glyph tone={tone} />
        {title}
      </span>
      <span className={styles.value}>
        {value} <small>{children}</small>
      </span>
    </Link>
  )
}

/** What ended today, by the day of the figures, which is UTC's; against the budget of the fleet for a day. */
function Spend({ usd, unpriced, runs }: { usd: number | null; unpriced: number; runs: number }) {
  const budgets = useQuery({
    queryKey: keys.budgets,
    queryFn: ({ signal }) => call(listBudgets, { query: { limit: 500 }, signal })
  }).data?.data
  const budget = budgets?.find(one => one.scope === 'fleet' && one.unit === 'usd' && one.period === 'day')
  const pace = usePace(usd ?? 0, budget !== undefined)
  const nothing = runs === 0 || usd === 0
  return (
    <div className={styles.cell}>
      <span className={styles.label}>
        Spend today
        {budget && <span className={styles.limit}>{money(budget.amount)} budget</span>}
      </span>
      <span className={styles.value} title={exactMoney(nothing ? 0 : usd)}>
        {nothing ? '$0.00' : money(usd)} <small>{noteOf(budget, unpriced, pace)}</small>
      </span>
      {budget && <SpentOf budget={budget} />}
    </div>
  )
}

/** What such a day of the week comes to, by the days so far; at least what was spent. Null: too few days are known. */
function usePace(usd: number, wanted: boolean): number | null {
  const forecast = useQuery({
    queryKey: keys.money('forecast', {}),
    queryFn: ({ signal }) => call(getForecast, { query: {}, signal }),
    enabled: wanted
  }).data
  if (!forecast || forecast.forecastUsd === null) return null
  const mean = forecast.weekdays.find(({ weekday }) => weekday === new Date().getUTCDay())?.meanUsd
  return mean === undefined ? null : Math.max(usd, mean)
}

function noteOf(budget: Budget | undefined, unpriced: number, pace: number | null): string {
  if (unpriced > 0) return `and ${count(unpriced, 'run')} without a price`
  if (!budget) return 'no daily budget'
  return pace === null || pace === 0 ? '' : `on pace for ${money(pace)}`
}

function SpentOf({ budget: { spent, amount, state } }: { budget: Budget }) {
  return (
    <Meter
      value={spent}
      max={amount}
      label="Spent of the daily budget"
      text={`${money(spent)} of ${money(amount)}`}
      warn={state !== 'ok'}
    />
  )
}
