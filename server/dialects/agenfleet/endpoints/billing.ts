import { z } from 'zod'
import { endpoint, timestamp } from '#contract/endpoint'
import { usd } from '#contract/usd'
import { cost } from './parts.ts'

const billing = z
  .object({
    periodStart: timestamp,
    periodEnd: timestamp,
    currency: z.literal('USD'),
    spend: cost,
    monthlyBudget: z.number().nullable(),
    utilization: z.number().nullable(),
    forecast: usd.nullable().describe('To the end of the month; null: too little data'),
    forecastReason: z.string().nullable().describe('Why there is no forecast')
  })
  .meta({ id: 'Billing' })

export const getBilling = endpoint({
  id: 'getBilling',
  method: 'GET',
  path: '/api/billing/summary',
  tag: 'billing',
  summary: 'Spend of this calendar month (UTC), its budget, and what it will come to',
  scope: 'read',
  output: billing
})

export const setBudget = endpoint({
  id: 'setBudget',
  method: 'PUT',
  path: '/api/billing/budget',
  tag: 'billing',
  summary: 'Set the monthly budget of the fleet, or with null remove it. Used up, it takes no new runs.',
  scope: 'admin',
  body: z.object({ monthlyBudget: z.number().positive().max(1e9).nullable() }),
  output: billing,
  errors: ['LIMIT_REACHED']
})
