import { z } from 'zod'
import { endpoint } from '#contract/endpoint'
import { cost } from './parts.ts'

const workforceFigures = {
  runs: z.int(),
  successRate: z.number().nullable(),
  busyTimeMs: z.int(),
  humanMinutesSaved: z.number(),
  costPerSuccess: cost
}

export const getWorkforceSummary = endpoint({
  id: 'getWorkforceSummary',
  method: 'GET',
  path: '/api/workforce/summary',
  tag: 'workforce',
  summary: 'What each agent got done in the last 30 days; most runs first',
  scope: 'read',
  output: z.object({
    agents: z.array(
      z.object({ id: z.string(), name: z.string(), medianDurationMs: z.int().nullable(), ...workforceFigures })
    ),
    total: z.object(workforceFigures),
    humanMinutesPerSuccess: z.number().describe('The assumption behind the minutes saved; a setting')
  })
})
