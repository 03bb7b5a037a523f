import { z } from 'zod'
import { endpoint, timestamp } from '../endpoint.ts'

export const activityHours = 12

export const activity = z
  .object({
    from: timestamp.describe('The full hour (UTC) in which the first figure begins'),
    at: timestamp.describe('Up to when runs that go on are counted'),
    data: z.array(
      z.object({
        agentId: z.string(),
        busyMs: z
          .array(z.int())
          .length(activityHours)
          .describe(
            'Of each hour, the last one being under way: how long runs of it went on, waiting included; two at once count twice'
          )
      })
    )
  })
  .meta({ id: 'Activity' })
export type Activity = z.infer<typeof activity>

export const getActivity = endpoint({
  id: 'getActivity',
  method: 'GET',
  path: '/api/v1/activity',
  tag: 'agents',
  summary: `How busy agents were in each of the last ${activityHours} hours; who was not is left out`,
  scope: 'read',
  output: activity
})
