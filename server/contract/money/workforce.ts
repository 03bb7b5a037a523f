import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { usd } from '../usd.ts'
import { usagePeriods } from './usage.ts'

/** What the figures take for granted; a setting. */
export const assumptions = z.object({
  humanMinutesPerSuccess: z
    .number()
    .min(0)
    .max(1440)
    .describe('Minutes a person would have needed for a successful run of which nobody says so')
})
export type Assumptions = z.infer<typeof assumptions>

/** Until somebody who knows the work says otherwise. */
export const defaultAssumptions: Assumptions = { humanMinutesPerSuccess: 15 }

const figures = z.object({
  runs: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  successRate: z.number().nullable().describe('Of those that succeeded or failed; null: none did'),
  busyMs: z.int().describe('Time of work, without waiting for people'),
  humanMinutesSaved: z
    .number()
    .describe('What is said of those in `valued`, and the assumption for each other success'),
  valued: z
    .object({ runs: z.int(), humanMinutes: z.int() })
    .describe('Successful runs of flows that say what a run is worth, and that worth together'),
  costUsd: usd.nullable(),
  estimatedUsd: usd,
  unpriced: z.int(),
  costPerSuccessUsd: usd.nullable().describe('Cost of all runs for each that succeeded')
})

export const getWorkforce = endpoint({
  id: 'getWorkforce',
  method: 'GET',
  path: '/api/v1/workforce',
  tag: 'workforce',
  summary: 'What each agent got done in a period, how well, how fast, and at what cost; most runs first',
  scope: 'read',
  query: z.object({ period: z.enum(usagePeriods).default('month') }),
  output: z.object({
    period: z.enum(usagePeriods),
    assumptions,
    total: figures,
    data: z.array(
      figures.extend({
        agentId: z.string(),
        name: z.string(),
        medianMs: z.int().nullable().describe('Of its last 20 runs, whenever they were; null: it had none')
      })
    )
  })
})

export const changeWorkforce = endpoint({
  id: 'changeWorkforce',
  method: 'PATCH',
  path: '/api/v1/workforce',
  tag: 'workforce',
  summary: 'Change what the figures take for granted',
  scope: 'admin',
  body: assumptions,
  output: assumptions
})
