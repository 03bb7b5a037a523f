import { fieldError, invalid, Missing } from '#contract/errors'
import type { Message, MessageType, Thread } from '#contract/work/messages'
import { type MessageFilter, toMessage } from '../../store/work/messages.ts'
import { type Domain, type Reading, recordChange, requireActor } from '../domain.ts'
import { referredAgent } from '../fleet/agents.ts'
import { seen } from '../people/sight.ts'

/** A person, as sender or receiver. */
export const person = 'user'
/** Longer texts are cut: the run holds the whole. */
const longestText = 100_000

export interface MessageQuery {
  agent?: string | undefined
  type?: MessageType | undefined
  thread?: string | undefined
  search?: string | undefined
  since?: string | undefined
  until?: string | undefined
  limit: number
  offset: number
}

export function listMessages(domain: Domain, query: MessageQuery): { items: Message[]; total: number } {
  const filter = filterOf(domain, query)
  return { items: domain.store.messages.list(filter).map(toMessage), total: domain.store.messages.total(filter) }
}

export function listThreads(domain: Domain, query: MessageQuery): { items: Thread[]; total: number } {
  const { messages } = domain.store
  const filter = filterOf(domain, query)
  const newest = messages.newestOfThreads(filter)
  const sizes = messages.sizesOf(
    newest.map(row => row.thread),
    domain.sight
  )
  const items = newest.map(row => ({ id: row.thread, messages: sizes.get(row.thread) ?? 1, last: toMessage(row) }))
  return { items, total: messages.threads(filter) }
}

function filterOf(domain: Domain, query: MessageQuery): MessageFilter {
  return {
    agent: query.agent === undefined ? null : addressOf(domain, query.agent),
    type: query.type ?? null,
    thread: query.thread ?? null,
    words: query.search?.toLowerCase().split(/\s+/).filter(Boolean) ?? [],
    since: query.since === undefined ? null : Date.parse(query.since),
    until: query.until === undefined ? null : Date.parse(query.until),
    sight: domain.sight,
    limit: query.limit,
    offset: query.offset
  }
}

export function getMessage(domain: Reading, id: string): Message {
  const row = seen(domain, 'messages', domain.store.messages.byId(id))
  if (!row) throw new Missing('message', id)
  return toMessage(row)
}

function addressOf(domain: Domain, reference: string): string {
  return reference === person ? person : referredAgent(domain, 'agent', reference).id
}

export interface Draft {
  type: MessageType
  from: string | null
  to: string | null
  taskId: string | null
  runId: string | null
  text: string
  data?: Record<string, unknown>
  answers?: Message | null
}

/** Puts a message on the bus. */
export function postMessage(domain: Domain, draft: Draft): Message {
  const id = domain.newId()
  domain.store.messages.insert({
    id,
    type: draft.type,
    sender: draft.from,
    receiver: draft.to,
    task_id: draft.taskId,
    run_id: draft.runId,
    reply_to: draft.answers?.id ?? null,
    thread: draft.answers?.threadId ?? draft.taskId ?? draft.runId ?? id,
    text: draft.text.slice(0, longestText),
    data: JSON.stringify(draft.data ?? {}),
    created_at: domain.clock.now()
  })
  recordChange(domain, 'message', 'created', id)
  const row = domain.store.messages.byId(id)
  if (!row) throw new Error('a message vanished while it was posted')
  return toMessage(row)
}

export interface Letter {
  to: string | null
  text: string
  taskId?: string | undefined
  replyTo?: string | undefined
  data: Record<string, unknown>
}

export function sendMessage(domain: Domain, letter: Letter): Message {
  const to = letter.to === null || letter.to === person ? letter.to : referredAgent(domain, 'to', letter.to).id
  if (letter.taskId !== undefined && !seen(domain, 'tasks', domain.store.tasks.byId(letter.taskId)))
    throw fieldError('UNKNOWN_TASK', 'taskId', `there is no task ${letter.taskId}`, 'no such task')
  const answers = letter.replyTo === undefined ? null : answeredBy(domain, letter.replyTo)
  const data = { ...letter.data, by: requireActor(domain).name }
  return postMessage(domain, {
    type: 'agent.message',
    from: person,
    to,
    taskId: letter.taskId ?? answers?.taskId ?? null,
    runId: answers?.runId ?? null,
    text: letter.text,
    data,
    answers
  })
}

function answeredBy(domain: Reading, id: string): Message {
  const row = seen(domain, 'messages', domain.store.messages.byId(id))
  if (row) return toMessage(row)
  throw invalid('replyTo', `there is no message ${id}`, 'no such message')
}
