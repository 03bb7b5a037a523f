import { z } from 'zod'
import { endpoint, queryInt, timestamp } from '../endpoint.ts'
import { agentProvider } from '../fleet/agents.ts'
import { tokenUsage } from '../runs/runs.ts'
import { usd } from '../usd.ts'
import { usageFigures, usageFilter, usagePeriods, usageRow } from './usage.ts'

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
  summary: 'Cost and tokens of a period by provider, model, agent, runtime and day',
  scope: 'read',
  query: z.object({
    period: z.enum(usagePeriods).default('month').describe('Ends now; month: 30 days'),
    from: z.iso.date().optional().describe('First day, UTC; instead of the period'),
    to: z.iso.date().optional().describe('Last day, UTC'),
    ...usageFilter
  }),
  output: z.object({
    from: timestamp,
    to: timestamp,
    total: usageFigures,
    byProvider: z.array(costRow),
    byModel: z.array(
      costRow.extend({
        provider: z.string(),
        inputUsd: usd.nullable().describe('Part for input and caches, split by list prices; null: none known'),
        outputUsd: usd.nullable()
      })
    ),
    byAgent: z.array(costRow.extend({ model: z.string().nullable().describe('The one that it is set to') })),
    byRuntime: z.array(costRow).describe('Key and name are empty where the runtime was not recorded'),
    byDay: z.array(costRow)
  }),
  errors: ['NOT_FOUND']
})

export const costSplits = ['model', 'agent', 'runtime'] as const
export type CostSplit = (typeof costSplits)[number]
/** Days that one picture shows at most; a year and a day. */
export const mostDays = 366

const first = z.iso.date().describe('First day, UTC')
const last = z.iso.date().describe('Last day, UTC')

/**
 * Each day of the span, those without runs too. `series` are what costs most, and last, with key null, the others together;
 * `parts` of a day stand in their order. Runs of unknown price are in no cost: `unpriced` counts them.
 */
export const getDailyCosts = endpoint({
  id: 'getDailyCosts',
  method: 'GET',
  path: '/api/v1/costs/days',
  tag: 'costs',
  summary: 'Cost and tokens of every day of a span, split by model, agent or runtime',
  scope: 'read',
  query: z.object({
    from: first,
    to: last,
    split: z.enum(costSplits).default('model'),
    apart: queryInt(1, 10).default(3).describe('How many are told apart'),
    ...usageFilter
  }),
  output: z.object({
    series: z.array(z.object({ key: z.string().nullable(), name: z.string(), costUsd: usd })),
    days: z.array(
      z.object({
        day: z.iso.date(),
        runs: z.int(),
        unpriced: z.int(),
        costUsd: usd,
        tokens: z.int(),
        parts: z.array(z.object({ costUsd: usd, tokens: z.int() }))
      })
    )
  }),
  errors: ['NOT_FOUND']
})

export const exportCosts = endpoint({
  id: 'exportCosts',
  method: 'GET',
  path: '/api/v1/costs/export',
  tag: 'costs',
  summary:
    'A line for each day, agent, provider, model and runtime of a span, as a table for other programs; oldest first',
  scope: 'read',
  query: z.object({ from: first, to: last, ...usageFilter }),
  output: z.object({}),
  errors: ['NOT_FOUND'],
  stream: 'text/csv',
  streamOnly: true
})

/** Full days back that a forecast looks, and the fewest that it needs. */
export const forecastDays = 14
export const fewestForecastDays = 3

/**
 * What the month will have cost when it is over. Method: what was spent so far, plus for each day to come the mean of that
 * weekday among the last 14 full days (of all of them where that weekday has none); of today what is missing to its mean.
 * Days before the first run do not count. With fewer than 3 full days there is no forecast: null, and `reason` says so.
 */
export const getForecast = endpoint({
  id: 'getForecast',
  method: 'GET',
  path: '/api/v1/costs/forecast',
  tag: 'costs',
  summary: 'What this calendar month (UTC) costs until its end, by the days so far',
  scope: 'read',
  query: z.object(usageFilter),
  output: z.object({
    monthStart: timestamp,
    monthEnd: timestamp,
    spentUsd: usd.nullable(),
    estimatedUsd: usd,
    unpriced: z.int().describe('Runs of the month whose cost is unknown; they are in no figure'),
    forecastUsd: usd.nullable(),
    reason: z.string().nullable().describe('Why there is no forecast'),
    daysOfData: z.int(),
    weekdays: z.array(z.object({ weekday: z.int().describe('0 is Sunday'), days: z.int(), meanUsd: usd }))
  }),
  errors: ['NOT_FOUND']
})

/** Advice needs at least this many runs, over this many days, and is given for at least this share of saving. */
export const advisedFrom = { runs: 5, days: 3, share: 0.1 } as const

/**
 * Cheaper models of the same provider. Nothing is guessed: the tokens that an agent used in the last 30 days, at the list prices of
 * both models. Whether the cheaper one is good enough is not for figures to say. No advice where a price is unknown,
 * or where the cheaper price holds for short prompts only.
 */
export const listAdvice = endpoint({
  id: 'listCostAdvice',
  method: 'GET',
  path: '/api/v1/costs/advice',
  tag: 'costs',
  summary: 'Agents that would cost less with another model, with the arithmetic; greatest saving first',
  scope: 'read',
  output: z.object({
    data: z.array(
      z.object({
        agentId: z.string(),
        agentName: z.string(),
        provider: z.string(),
        model: z.string(),
        runs: z.int(),
        days: z.int().describe('From its first run in the last 30 days until today'),
        usage: tokenUsage,
        listUsd: usd.describe('These tokens at the list price of its model'),
        options: z.array(
          z.object({
            model: z.string(),
            listUsd: usd,
            monthlySavingUsd: usd.describe('The difference, divided by the days, times 30'),
            longestPrompt: z.int().nullable(),
            arithmetic: z.string()
          })
        )
      })
    )
  })
})
export type CostAdvice = z.infer<typeof listAdvice.output>['data'][number]
