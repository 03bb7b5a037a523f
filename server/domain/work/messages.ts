import { AppError } from '#contract/errors'
import type { Message, MessageType } from '#contract/work/messages'
import { toMessage } from '../../store/work/messages.ts'
import { type Domain, type Principal, recordChange } from '../domain.ts'
import { referredAgent } from '../fleet/agents.ts'
import { seen } from '../people/sight.ts'

/** A person, as sender or receiver. */
export const person = 'user'
/** Longer texts are cut: the run holds the whole. */
const longestText = 100_000

export interface MessageQuery {
  agent?: string | undefined
  type?: MessageType | undefined
  since?: string | undefined
  until?: string | undefined
  limit: number
  offset: number
}

export function listMessages(domain: Domain, query: MessageQuery): { items: Message[]; total: number } {
  const filter = {
    agent: query.agent === undefined ? null : addressOf(domain, query.agent),
    type: query.type ?? null,
    since: query.since === undefined ? null : Date.parse(query.since),
    until: query.until === undefined ? null : Date.parse(query.until),
    sight: domain.sight,
    limit: query.limit,
    offset: query.offset
  }
  return { items: domain.store.messages.list(filter).map(toMessage), total: domain.store.messages.total(filter) }
}

export function getMessage(domain: Domain, id: string): Message {
  const row = seen(domain, 'messages', domain.store.messages.byId(id))
  if (!row) throw new AppError('NOT_FOUND', `There is no message ${id}`)
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
  data: Record<string, unknown>
}

export function sendMessage(domain: Domain, letter: Letter, by: Principal): Message {
  const to = letter.to === null || letter.to === person ? letter.to : referredAgent(domain, 'to', letter.to).id
  if (letter.taskId !== undefined && !seen(domain, 'tasks', domain.store.tasks.byId(letter.taskId)))
    throw new AppError('UNKNOWN_TASK', `taskId: there is no task ${letter.taskId}`, [
      { path: 'taskId', message: 'no such task' }
    ])
  const data = { ...letter.data, by: by.name }
  return postMessage(domain, {
    type: 'agent.message',
    from: person,
    to,
    taskId: letter.taskId ?? null,
    runId: null,
    text: letter.text,
    data
  })
}
