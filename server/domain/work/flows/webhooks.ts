import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError, Missing, RateLimited } from '#contract/errors'
import type { FlowRunStatus } from '#contract/work/flow-runs'
import type { Domain } from '../../domain.ts'
import { requireActive } from './flow-runs.ts'
import { raiseTick } from './ticks.ts'
import { secretOf } from './triggers.ts'

/** How far the clock of a sender may be from ours, and how old a message may be, in ms. */
const toleranceMs = 5 * 60_000
/** Messages that one trigger takes in a minute. */
const mostInAMinute = 60
/** What of a message stands for `{{payload}}`, in characters. */
const longestPayload = 65_536

/** A message as it arrived: headers of Standard Webhooks, and the bytes that are signed. */
export interface Message {
  id: string | undefined
  timestamp: string | undefined
  signature: string | undefined
  body: Buffer
}

/**
 * What arrived is looked at before anything is believed: signed with the secret of this trigger, lately, and not here
 * before. Throws NOT_FOUND, BAD_SIGNATURE, WEBHOOK_REPLAYED, FLOW_NOT_ACTIVE and RateLimited.
 */
export function receive(visited: Domain, triggerId: string, message: Message): { id: string; status: FlowRunStatus } {
  // The signature is the credential: who has it acts for the flow, which acts for its owner.
  const domain: Domain = { ...visited, actor: null, sight: 'everything' }
  const { store, clock } = domain
  const trigger = store.flowTriggers.byId(triggerId)
  if (trigger?.type !== 'webhook') throw new Missing('webhook', triggerId)
  const now = clock.now()
  const id = requireSigned(message, secretOf(domain, trigger), now)
  const flow = store.flows.byId(trigger.flow_id)
  if (!flow) throw new Missing('webhook', triggerId)
  requireActive(flow)
  if (store.flowTriggers.messagesSince(trigger.id, now - 60_000) >= mostInAMinute)
    throw new RateLimited(`More than ${mostInAMinute} messages in a minute for this webhook`, 60)
  // As long as its signature could still be young enough.
  if (!store.flowTriggers.takeMessage(trigger.id, id, now, now - 2 * toleranceMs))
    throw new AppError('WEBHOOK_REPLAYED', `The message ${id} was here before`)
  const given = { payload: message.body.toString('utf8').slice(0, longestPayload) }
  const tick = raiseTick(domain, flow, { origin: 'webhook', trigger, dueAt: now, given })
  return { id: tick.id, status: tick.status }
}

/** The id of the message. Throws BAD_SIGNATURE, which tells whoever knows no secret as little as it can. */
function requireSigned({ id, timestamp, signature, body }: Message, secret: string | null, now: number): string {
  if (secret === null) throw bad('This webhook has no secret yet; make one, and sign with it')
  if (!id || !timestamp || !signature)
    throw bad('webhook-id, webhook-timestamp and webhook-signature are expected, as Standard Webhooks says')
  if (id.length > 200) throw bad('webhook-id is longer than 200 characters')
  if (!/^\d{1,12}$/.test(timestamp)) throw bad('webhook-timestamp is expected in whole seconds since 1970')
  const right = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest()
  const given = signature
    .split(' ')
    .slice(0, 10)
    .filter(one => one.startsWith('v1,'))
  if (!given.some(one => isSame(Buffer.from(one.slice(3), 'base64'), right)))
    throw bad('The signature is not that of this message by the secret of this webhook')
  if (Math.abs(Number(timestamp) * 1000 - now) > toleranceMs)
    throw bad('The message is older than five minutes, or its clock is wrong')
  return id
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function bad(message: string): AppError {
  return new AppError('BAD_SIGNATURE', message)
}
