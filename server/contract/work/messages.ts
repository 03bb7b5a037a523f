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
    replyTo: z.string().nullable().describe('The message that it answers'),
    threadId: z
      .string()
      .describe('What it belongs together with: the thread of what it answers, else its task, its run, itself'),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    createdAt: timestamp
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof message>

const filter = z.object({
  agent: z.string().max(64).optional().describe('Sender or receiver'),
  type: z.enum(messageTypes).optional(),
  search: z.string().max(200).optional().describe('Words that must all be found in the text'),
  since: timestamp.optional(),
  until: timestamp.optional()
})

export const listMessages = endpoint({
  id: 'listMessages',
  method: 'GET',
  path: '/api/v1/messages',
  tag: 'messages',
  summary: 'Messages, most recent first',
  scope: 'read',
  query: pageQuery.extend({ ...filter.shape, thread: z.string().max(64).optional() }),
  output: page(message),
  errors: ['UNKNOWN_AGENT']
})

export const thread = z
  .object({
    id: z.string(),
    messages: z.int().describe('How many it has in all'),
    last: message.describe('The newest that matches')
  })
  .meta({ id: 'Thread' })
export type Thread = z.infer<typeof thread>

export const listThreads = endpoint({
  id: 'listThreads',
  method: 'GET',
  path: '/api/v1/messages/threads',
  tag: 'messages',
  summary: 'Threads that have a message that matches, by the newest of these, most recent first',
  scope: 'read',
  query: pageQuery.extend(filter.shape),
  output: page(thread),
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
    taskId: z.string().min(1).max(64).optional().describe('That of the message it answers, unless it is said'),
    replyTo: z.string().min(1).max(64).optional().describe('The message that it answers; it joins its thread'),
    data: z.record(z.string(), z.unknown()).default({})
  }),
  output: message,
  status: 201,
  errors: ['UNKNOWN_AGENT', 'UNKNOWN_TASK']
})
