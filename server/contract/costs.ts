import { z } from 'zod'
import { agentProvider } from './agents.ts'
import { endpoint, timestamp } from './endpoint.ts'
import { usageFigures, usagePeriods, usageRow } from './usage.ts'

/** Prices in USD per million tokens. */
const rates = {
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative()
}

export const modelPrice = z.object({
  provider: agentProvider,
  model: z.string().describe('Its name, without a date; a dated name is the same model'),
  ...rates,
  longestPrompt: z
    .int()
    .optional()
    .describe('The prices hold for prompts up to this many tokens; longer ones cost more'),
  legacy: z.boolean().optional().describe('Still priced, no longer advised')
})
export type ModelPrice = z.infer<typeof modelPrice>

/** The file `resources/prices.json`: list prices, with where and when they were read. */
export const priceTable = z.object({
  currency: z.literal('USD'),
  per: z.literal('million tokens'),
  sources: z.array(z.object({ provider: agentProvider, url: z.url(), asOf: z.iso.date(), note: z.string() })),
  models: z.array(modelPrice)
})
export type PriceTable = z.infer<typeof priceTable>

export const getPrices = endpoint({
  id: 'getPrices',
  method: 'GET',
  path: '/api/v1/costs/prices',
  tag: 'costs',
  summary: 'The price table that costs are estimated by where a runtime tells none',
  scope: 'read',
  output: priceTable
})

const share = z.number().nullable().describe('Part of the known cost, 0 to 1; null: nothing is known')
const costRow = usageRow.extend({ share })

/**
 * `costUsd` is what runtimes told plus what was estimated by the price table; `estimatedUsd` is the estimated part of it.
 * Runs without a known price are in neither: `unpriced` counts them, and a row of nothing else costs null, never 0.
 */
export const getCosts = endpoint({
  id: 'getCosts',
  method: 'GET',
  path: '/api/v1/costs',
  tag: 'costs',
  summary: 'Cost and tokens of a period by provider, model, agent and day',
  scope: 'read',
  query: z.object({
    period: z.enum(usagePeriods).default('month').describe('Ends now; month: 30 days'),
    from: z.iso.date().optional().describe('First day, UTC; instead of the period'),
    to: z.iso.date().optional().describe('Last day, UTC'),
    agentId: z.string().max(64).optional()
  }),
  output: z.object({
    from: timestamp,
    to: timestamp,
    total: usageFigures,
    byProvider: z.array(costRow),
    byModel: z.array(
      costRow.extend({
        provider: z.string(),
        inputUsd: z.number().nullable().describe('Part for input and caches, split by list prices; null: none known'),
        outputUsd: z.number().nullable()
      })
    ),
    byAgent: z.array(costRow.extend({ model: z.string().nullable().describe('The one that it is set to') })),
    byDay: z.array(costRow)
  }),
  errors: ['NOT_FOUND']
})
