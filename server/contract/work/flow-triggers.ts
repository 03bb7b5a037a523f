import { z } from 'zod'
import { endpoint, timestamp } from '../endpoint.ts'
import { watched } from '../watched.ts'

/** Beside these a flow can always be started by hand. */
export const maxTriggers = 20

const id = z.string().min(1).max(64)

const folder = z.string().min(1).max(4096).nullable().default(null).describe('Absolute; null: that of the agent')

const schedule = z.object({
  type: z.literal('schedule'),
  cron: z.string().trim().min(1).max(200).describe('Five fields: minute, hour, day of month, month, day of week'),
  timezone: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('An IANA name; default: that of the computer of the control plane')
})
const webhook = z.object({ type: z.literal('webhook') })
const afterFlow = z.object({
  type: z.literal('flow'),
  flowId: id,
  on: z.enum(['success', 'failure', 'end']).default('success').describe('How a run of that flow must have ended')
})
const change = z.object({
  type: z.literal('change'),
  watched,
  folder,
  everySeconds: z.int().min(60).max(86_400).default(300).describe('How often is looked')
})

const kept = { id: id.optional().describe('Of a trigger that the flow has already; without it a new one') }

/** A trigger as it is wished for. */
export const triggerWish = z.discriminatedUnion('type', [
  schedule.extend(kept),
  webhook.extend(kept),
  afterFlow.extend(kept),
  change.extend(kept)
])
export type TriggerWish = z.output<typeof triggerWish>

const told = { id: z.string() }

export const flowTrigger = z
  .discriminatedUnion('type', [
    schedule.extend({
      ...told,
      timezone: z.string(),
      words: z.string().describe('The schedule, said in words'),
      nextAt: timestamp.nullable().describe('null: the flow is not active')
    }),
    webhook.extend({
      ...told,
      path: z.string().describe('Where it takes its messages'),
      signed: z.boolean().describe('It has a secret; without one it takes no message')
    }),
    afterFlow.extend(told),
    change.extend({
      ...told,
      lookedAt: timestamp.nullable(),
      problem: z.string().nullable().describe('Why the last look told nothing')
    })
  ])
  .meta({ id: 'FlowTrigger' })
export type FlowTrigger = z.output<typeof flowTrigger>
export type TriggerType = FlowTrigger['type']

export const previewSchedule = endpoint({
  id: 'previewSchedule',
  method: 'GET',
  path: '/api/v1/flow-schedule',
  tag: 'flows',
  summary: 'A schedule in words, and when it comes next',
  scope: 'read',
  query: z.object({ cron: schedule.shape.cron, timezone: schedule.shape.timezone }),
  output: z.object({
    words: z.string(),
    timezone: z.string(),
    next: z
      .array(
        z.object({
          at: timestamp,
          local: z.string().describe('The same moment by the clocks of the zone, with their offset from UTC'),
          shift: z.boolean().describe('Clocks were changed since the one before, or since now')
        })
      )
      .max(5)
  })
})
