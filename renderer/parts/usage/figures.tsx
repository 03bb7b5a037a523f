import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { Budget } from '#contract/money/budgets'
import type { getCosts, getForecast } from '#contract/money/costs'
import { count, exactMoney, exactTokens, headlineTokens, money, totalTokens } from '../../lib/format.ts'
import { Meter } from '../../ui/meter.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { amountWords } from './budget-words.ts'
import styles from './usage.module.css'

type Total = z.output<typeof getCosts.output>['total']
type Forecast = z.output<typeof getForecast.output>

interface Props {
  total: Total
  spendTitle: string
  /** The budget that this period draws on. */
  budget: Budget | undefined
  /** Of the month that runs, where that is what is shown. */
  forecast: Forecast | undefined
}

export function Figures({ total, spendTitle, budget, forecast }: Props) {
  const { usage, runs, succeeded, failed, costUsd, estimatedUsd, unpriced } = total
  const sent = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  const cached = sent === 0 ? null : `${Math.round((usage.cacheReadTokens / sent) * 100)}% from cache`
  const judged = succeeded + failed
  return (
    <section className={styles.figures} aria-label="Figures">
      <div>
        <h2>{spendTitle}</h2>
        <Exact text={exactMoney(costUsd)}>{money(costUsd)}</Exact>
        <Pace costUsd={costUsd} budget={budget} forecast={forecast} />
        {unpriced > 0 && <p>{count(unpriced, 'run')} of unknown price not counted</p>}
        {estimatedUsd > 0 && <p>{money(estimatedUsd)} of it estimated by list prices</p>}
      </div>
      <div>
        <h2>Tokens</h2>
        <Exact text={exactTokens(usage)}>{headlineTokens(totalTokens(usage))}</Exact>
        <p>{cached ?? 'none used'}</p>
      </div>
      <div>
        <h2>Runs</h2>
        <b>{runs.toLocaleString('en-US')}</b>
        <p>
          {judged === 0 ? 'none has ended yet' : `${((succeeded / judged) * 100).toFixed(1)}% done, ${failed} failed`}
        </p>
      </div>
      <div>
        <h2>Cost per done run</h2>
        <b>{succeeded === 0 || costUsd === null ? 'n/a' : money(costUsd / succeeded)}</b>
        <p>{succeeded === 0 ? 'no run is done' : 'failed runs are in it'}</p>
      </div>
    </section>
  )
}

function Exact({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip text={text}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must open by keyboard too */}
      <b tabIndex={0}>{children}</b>
    </Tooltip>
  )
}

/** 65% of $600, on pace for $533. */
function Pace({ costUsd, budget, forecast }: Pick<Props, 'budget' | 'forecast'> & { costUsd: number | null }) {
  const pace = paceWords(costUsd, forecast)
  if (!budget) return pace ? <p>{pace}</p> : null
  const used = `${Math.round(budget.utilization * 100)}% of ${amountWords(budget, budget.amount)}`
  return (
    <>
      <Meter
        value={budget.spent}
        max={budget.amount}
        label={`Budget of the ${budget.period}`}
        text={used}
        warn={budget.state !== 'ok'}
      />
      <p>{[used, pace].filter(Boolean).join(', ')}</p>
    </>
  )
}

function paceWords(costUsd: number | null, forecast: Forecast | undefined): string | null {
  if (!forecast) return null
  if (forecast.forecastUsd !== null) return `on pace for ${money(forecast.forecastUsd)}`
  return costUsd === 0 && forecast.daysOfData === 0 ? null : `no forecast yet: ${lower(forecast.reason ?? '')}`
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
