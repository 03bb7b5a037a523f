import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'

export const messageTypes = [
  'task.started',
  'task.done',
  'task.error',
  'agent.message',
  'tool.result',
  'approval.requested',
  'approval.granted',
  'approval.rejected'
] as const
export type MessageType = (typeof messageTypes)[number]

/** `from` and `to` are agent ids, `user` for a person, or null for everybody. */
export const message = z
  .object({
    id: z.uuid(),
    type: z.enum(messageTypes),
    from: z.string().nullable(),
    to: z.string().nullable(),
    taskId: z.string().nullable(),
    runId: z.string().nullable(),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    createdAt: timestamp
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof message>

export const listMessages = endpoint({
  id: 'listMessages',
  method: 'GET',
  path: '/api/v1/messages',
  tag: 'messages',
  summary: 'Messages, most recent first',
  scope: 'read',
  query: pageQuery.extend({
    agent: z.string().max(64).optional().describe('Sender or receiver'),
    type: z.enum(messageTypes).optional(),
    since: timestamp.optional(),
    until: timestamp.optional()
  }),
  output: page(message),
  errors: ['UNKNOWN_AGENT']
})

export const getMessage = endpoint({
  id: 'getMessage',
  method: 'GET',
  path: '/api/v1/messages/:id',
  tag: 'messages',
  summary: 'One message',
  scope: 'read',
  params: idParams,
  output: message,
  errors: ['NOT_FOUND']
})

export const sendMessage = endpoint({
  id: 'sendMessage',
  method: 'POST',
  path: '/api/v1/messages',
  tag: 'messages',
  summary: 'Send a message to an agent, or to everybody',
  scope: 'write',
  body: z.object({
    to: z.string().min(1).max(64).nullable().default(null),
    text: z.string().trim().min(1).max(100_000),
    taskId: z.string().min(1).max(64).optional(),
    data: z.record(z.string(), z.unknown()).default({})
  }),
  output: message,
  status: 201,
  errors: ['UNKNOWN_AGENT', 'UNKNOWN_TASK']
})
