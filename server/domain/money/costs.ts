import type { z } from 'zod'
import { invalid } from '#contract/errors'
import type { getCosts } from '#contract/money/costs'
import type { UsageGroup, UsageGroupRow } from '../../store/money/usage.ts'
import { usageOf } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { priceOf, split } from './prices.ts'
import { boundsOf, groupedBy, spanOf, totalOf, toUsageRow } from './usage.ts'

type Costs = z.output<typeof getCosts.output>
type CostQuery = z.output<typeof getCosts.query>
type ModelRow = Costs['byModel'][number]

/** Everything that a page about money shows, from the rolled-up days alone. */
export function costs(domain: Domain, query: CostQuery): Costs {
  const span = spanOf(domain, query)
  if (span.from > span.to) throw invalid('from', 'must not be after the last day')
  const total = totalOf(domain, span)
  const rows = (group: UsageGroup) => groupedBy(domain, span, group)
  const withShare = (row: UsageGroupRow) => {
    const figures = toUsageRow(row)
    return { ...figures, share: shareOf(figures.costUsd, total.costUsd) }
  }
  return {
    ...boundsOf(domain, span),
    total,
    byProvider: rows('provider').map(withShare),
    byModel: rows('model').map(row => ({ ...withShare(row), provider: row.provider, ...parts(row) })),
    byAgent: rows('agent').map(row => ({ ...withShare(row), model: row.agent_model })),
    byRuntime: rows('runtime').map(withShare),
    byDay: rows('day').map(withShare)
  }
}

function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole
}

/** What was paid is known as one sum; list prices say how it divides. */
function parts(row: UsageGroupRow): Pick<ModelRow, 'inputUsd' | 'outputUsd'> {
  const price = priceOf(row.key)
  const list = price && split(price, usageOf(row))
  const sum = list ? list.input + list.output : 0
  if (!list || sum === 0 || (row.unpriced > 0 && row.cost_usd === 0)) return { inputUsd: null, outputUsd: null }
  return { inputUsd: (row.cost_usd * list.input) / sum, outputUsd: (row.cost_usd * list.output) / sum }
}
