import { ChartColumn, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { z } from 'zod'
import type { getCosts } from '#contract/money/costs'
import { wordsOf } from '../../lib/call.ts'
import { Button, classOf } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { useSystem } from '../system.ts'
import { Breakdown } from './breakdown.tsx'
import { Budgets } from './budgets.tsx'
import { dayWords, rangeWords } from './dates.ts'
import { Figures } from './figures.tsx'
import { useBudgets, useCosts, useForecast, useMoneyFollows } from './queries.ts'
import { SpendPerDay } from './spend-per-day.tsx'
import styles from './usage.module.css'
import type { UsageAddress } from './usage-address.ts'

type Costs = z.output<typeof getCosts.output>

interface Props {
  address: UsageAddress
  /** Below the budgets. */
  advice?: ReactNode
  /** Below everything. */
  children?: ReactNode
}

/** What was used and spent, on what, and what may be: of the fleet, or of one agent. */
export function UsageView({ address, advice, children }: Props) {
  useMoneyFollows()
  const { range, ofAgent, agentId } = address
  const costs = useCosts(address)
  const loaded = costs.data
  return (
    <div className={styles.scroll} data-stale={costs.isPlaceholderData || undefined}>
      {costs.error && !loaded && (
        <Problem
          title="The usage could not be read"
          action={
            ofAgent === null && agentId !== null ? (
              <Link href={address.with({ agent: null, day: null })} className={classOf()}>
                Show the whole fleet
              </Link>
            ) : (
              <Button onClick={() => void costs.refetch()}>Try again</Button>
            )
          }
        >
          {wordsOf(costs.error)} Runs and budgets go on as they are.
        </Problem>
      )}
      {!loaded && !costs.error && <SkeletonRows height={72} />}
      {loaded && (
        <>
          <Totals address={address} total={loaded.total} />
          {loaded.total.runs === 0 ? (
            <Empty
              icon={ChartColumn}
              title={`Nothing ran ${range.from === range.to ? 'on' : 'from'} ${rangeWords(range)}`}
            >
              What a run used is counted on the day on which it ended.
            </Empty>
          ) : (
            <SpendPerDay address={address} />
          )}
          <Chosen address={address} agentName={loaded.byAgent[0]?.name} />
          <div className={styles.two}>
            <Tables address={address} whole={loaded} />
            <div>
              <Budgets agentId={ofAgent} />
              {advice}
            </div>
          </div>
          {children}
        </>
      )}
    </div>
  )
}

function Totals({ address, total }: { address: UsageAddress; total: Costs['total'] }) {
  const { range, agentId, runtime, period, current } = address
  const budgets = useBudgets(agentId).data?.data
  const forecast = useForecast(address).data
  const thisMonth = current && period === 'month'
  const budget =
    current && runtime === null
      ? budgets
          ?.filter(one => one.unit === 'usd' && one.period === period && one.agentId === agentId)
          .sort((a, b) => b.utilization - a.utilization)[0]
      : undefined
  const title = thisMonth
    ? 'Spend this month'
    : current && period === 'day'
      ? 'Spend today'
      : `Spend, ${rangeWords(range)}`
  return <Figures total={total} spendTitle={title} budget={budget} forecast={thisMonth ? forecast : undefined} />
}

interface ChosenProps {
  address: UsageAddress
  agentName: string | undefined
}

/** What is shown alone, each with a way to leave it out. */
function Chosen({ address: { day, ofAgent, agentId, runtime, with: addressWith }, agentName }: ChosenProps) {
  const runtimes = useSystem().data?.runtimes
  const agent = ofAgent === null ? agentId : null
  if (day === null && agent === null && runtime === null) return null
  return (
    <p className={styles.chips}>
      {day !== null && (
        <Chip href={addressWith({ day: null })} label={`${dayWords(day)} alone. Show all days`}>
          {dayWords(day)}
        </Chip>
      )}
      {agent !== null && (
        <Chip href={addressWith({ agent: null })} label="One agent alone. Show all agents">
          {agentName ?? agent}
        </Chip>
      )}
      {runtime !== null && (
        <Chip href={addressWith({ runtime: null })} label="One runtime alone. Show all runtimes">
          {runtimes?.find(({ id }) => id === runtime)?.title ?? runtime}
        </Chip>
      )}
    </p>
  )
}

function Chip({ href, label, children }: { href: string; label: string; children: string }) {
  return (
    <Link href={href} className={styles.chip} aria-label={label}>
      <Said className="truncate">{children}</Said> <X size={13} aria-hidden />
    </Link>
  )
}

function Tables({ address, whole }: { address: UsageAddress; whole: Costs }) {
  const { day, ofAgent, with: addressWith } = address
  const ofDay = useCosts({ ...address, range: { from: day ?? '', to: day ?? '' } }, day !== null)
  const { byAgent, byModel, byRuntime } = (day === null ? undefined : ofDay.data) ?? whole
  return (
    <div data-stale={(day !== null && (!ofDay.data || ofDay.isPlaceholderData)) || undefined}>
      {ofDay.error && <Problem title="The day could not be read">{wordsOf(ofDay.error)}</Problem>}
      {ofAgent === null && <Breakdown of="agent" rows={byAgent} hrefOf={({ key }) => addressWith({ agent: key })} />}
      <Breakdown of="model" rows={byModel} />
      <Breakdown of="runtime" rows={byRuntime} hrefOf={({ key }) => addressWith({ runtime: key })} />
    </div>
  )
}
