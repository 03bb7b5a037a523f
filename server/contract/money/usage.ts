import { z } from 'zod'
import { endpoint, timestamp } from '../endpoint.ts'
import { tokenUsage } from '../runs/runs.ts'
import { usd } from '../usd.ts'

export const usagePeriods = ['day', 'week', 'month'] as const
export const usageGroups = ['agent', 'model', 'provider', 'runtime', 'day'] as const

/**
 * `costUsd` sums what runtimes told and what was estimated by the price table, `estimatedUsd` the latter alone; `unpriced`
 * counts the runs of which no price is known. Where there are only such runs the cost is null.
 */
export const usageFigures = z.object({
  runs: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  usage: tokenUsage,
  busyMs: z.int(),
  costUsd: usd.nullable(),
  estimatedUsd: usd,
  unpriced: z.int()
})

export const usageRow = usageFigures.extend({
  key: z.string().describe('Agent id, model, provider, runtime or day (YYYY-MM-DD, UTC)'),
  name: z.string()
})
export type UsageRow = z.infer<typeof usageRow>

/** Whose figures: of all that may be seen, or of what is named. Of runs long ago no runtime may be known; those are in no answer about one. */
export const usageFilter = {
  agentId: z.string().max(64).optional(),
  runtime: z.string().min(1).max(64).optional()
}

export const getUsage = endpoint({
  id: 'getUsage',
  method: 'GET',
  path: '/api/v1/usage',
  tag: 'usage',
  summary: 'Tokens and cost of a period, rolled up',
  scope: 'read',
  query: z.object({
    period: z.enum(usagePeriods).default('month'),
    groupBy: z.enum(usageGroups).default('agent'),
    ...usageFilter
  }),
  output: z.object({
    period: z.enum(usagePeriods),
    from: timestamp,
    to: timestamp,
    total: usageFigures,
    data: z.array(usageRow)
  }),
  errors: ['NOT_FOUND']
})
