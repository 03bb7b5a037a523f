import { z } from 'zod'
import { endpoint, queryInt, timestamp } from '#contract/endpoint'
import { messageTypes } from '#contract/work/messages'
import { reference } from './parts.ts'

const message = z
  .object({
    id: z.uuid(),
    type: z.enum(messageTypes),
    from: z.string().nullable(),
    to: z.string().nullable(),
    taskId: z.string().nullable(),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    createdAt: timestamp
  })
  .meta({ id: 'Message' })

const moment = z.iso.datetime({ offset: true })
const maxMessages = 500

export const listMessages = endpoint({
  id: 'listMessages',
  method: 'GET',
  path: '/api/messages',
  tag: 'messages',
  summary: 'List messages on the bus, most recent first',
  scope: 'read',
  query: z.object({
    agent: reference.optional().describe('Sender or receiver'),
    type: z.enum(messageTypes).optional(),
    since: moment.optional(),
    until: moment.optional(),
    limit: queryInt(1, Number.MAX_SAFE_INTEGER)
      .default(100)
      .transform(limit => Math.min(limit, maxMessages))
      .describe(`At most ${maxMessages}; more is taken for that`)
  }),
  output: z.array(message),
  errors: ['UNKNOWN_AGENT']
})
