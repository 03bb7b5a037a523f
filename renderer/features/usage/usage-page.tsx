import { ChartColumn, X } from 'lucide-react'
import { useEffect } from 'react'
import { Link } from 'wouter'
import { wordsOf } from '../../lib/call.ts'
import { Button, classOf } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { Advice } from './advice.tsx'
import { Breakdown } from './breakdown.tsx'
import { Budgets } from './budgets.tsx'
import { dayWords, rangeWords } from './dates.ts'
import { Figures } from './figures.tsx'
import { useBudgets, useCosts, useForecast, useMoneyFollows } from './queries.ts'
import { SpendPerDay } from './spend-per-day.tsx'
import styles from './usage.module.css'
import { type UsageAddress, useUsageAddress } from './usage-address.ts'
import { UsageBar } from './usage-bar.tsx'
import { Workforce } from './workforce.tsx'

/** What was used and spent, on what, and what may be. */
export function UsagePage() {
  const address = useUsageAddress()
  useMoneyFollows()
  const { range, agentId } = address
  const costs = useCosts({ range, agentId })
  const loaded = costs.data
  useEffect(() => {
    document.title = 'Usage · Flotilla'
  }, [])
  const everything = (
    <Link href={address.with({ agent: null, day: null })} className={classOf()}>
      Show the whole fleet
    </Link>
  )
  return (
    <>
      <UsageBar address={address} />
      <div className={styles.scroll} data-stale={costs.isPlaceholderData || undefined}>
        {costs.error && !loaded && (
          <Problem
            title="The usage could not be read"
            action={agentId ? everything : <Button onClick={() => void costs.refetch()}>Try again</Button>}
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
                <Budgets />
                <Advice />
              </div>
            </div>
            {agentId === null && <Workforce period={address.period ?? 'month'} />}
          </>
        )}
      </div>
    </>
  )
}

function Totals({
  address,
  total
}: {
  address: UsageAddress
  total: NonNullable<ReturnType<typeof useCosts>['data']>['total']
}) {
  const { range, agentId, period, current } = address
  const budgets = useBudgets().data?.data
  const forecast = useForecast(agentId).data
  const thisMonth = current && period === 'month'
  const budget = current
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

/** What the tables are narrowed to, each with a way to leave it out. */
function Chosen({
  address: { day, agentId, with: addressWith },
  agentName
}: {
  address: UsageAddress
  agentName: string | undefined
}) {
  if (day === null && agentId === null) return null
  return (
    <p className={styles.chips}>
      {day !== null && (
        <Link
          href={addressWith({ day: null })}
          className={styles.chip}
          aria-label={`${dayWords(day)} alone. Show all days`}
        >
          {dayWords(day)} <X size={13} aria-hidden />
        </Link>
      )}
      {agentId !== null && (
        <Link href={addressWith({ agent: null })} className={styles.chip} aria-label="One agent alone. Show all agents">
          <Said className="truncate">{agentName ?? agentId}</Said> <X size={13} aria-hidden />
        </Link>
      )}
    </p>
  )
}

function Tables({
  address,
  whole
}: {
  address: UsageAddress
  whole: NonNullable<ReturnType<typeof useCosts>['data']>
}) {
  const { day, agentId, with: addressWith } = address
  const ofDay = useCosts({ range: { from: day ?? '', to: day ?? '' }, agentId }, day !== null)
  const { byAgent, byModel } = (day === null ? undefined : ofDay.data) ?? whole
  return (
    <div data-stale={(day !== null && (!ofDay.data || ofDay.isPlaceholderData)) || undefined}>
      {ofDay.error && <Problem title="The day could not be read">{wordsOf(ofDay.error)}</Problem>}
      <Breakdown title="By agent" of="agent" rows={byAgent} hrefOf={({ key }) => addressWith({ agent: key })} />
      <Breakdown title="By model" of="model" rows={byModel} />
    </div>
  )
}
