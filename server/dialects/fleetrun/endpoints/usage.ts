import { z } from 'zod'
import { endpoint } from '#contract/endpoint'
import { usagePeriods } from '#contract/money/usage'
import { usd } from '#contract/usd'
import { reference } from './parts.ts'

const figures = {
  tokens: z.int(),
  tasks: z.int(),
  cost: usd.nullable().describe('USD; null: no price is known')
}

export const getUsage = endpoint({
  id: 'getUsage',
  method: 'GET',
  path: '/api/usage',
  tag: 'usage',
  summary: 'Token usage and task counts, by agent, by model and by day',
  scope: 'read',
  query: z.object({ period: z.enum(usagePeriods).default('month'), agent: reference.optional() }),
  output: z
    .object({
      total_tokens: z.int(),
      task_count: z.int(),
      by_agent: z.array(z.object({ agent_id: z.string(), name: z.string(), ...figures })),
      by_model: z.array(z.object({ model: z.string(), ...figures })),
      daily_breakdown: z.array(z.object({ date: z.iso.date(), ...figures }))
    })
    .meta({ id: 'Usage' }),
  errors: ['UNKNOWN_AGENT']
})
