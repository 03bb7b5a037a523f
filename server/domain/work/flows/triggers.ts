import { randomBytes } from 'node:crypto'
import { fieldError, invalid, Missing } from '#contract/errors'
import type { FlowTrigger, TriggerWish } from '#contract/work/flow-triggers'
import { iso, isoOrNull } from '../../../store/columns.ts'
import type { TriggerRow } from '../../../store/work/flow-triggers.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import type { Domain } from '../../domain.ts'
import { seen } from '../../people/sight.ts'
import { inWords, localZone, nextAfter, requireSchedule, type Schedule } from './schedule.ts'
import { wakeDuties } from './tick-moves.ts'

const webhookPath = '/api/v1/webhooks/'

/** Replaces what starts a flow. What is named by its id stays itself: with its secret, and what it saw last. */
export function setTriggers(domain: Domain, flow: FlowRow, wishes: readonly TriggerWish[]): void {
  const { flowTriggers } = domain.store
  const old = new Map(flowTriggers.ofFlow(flow.id).map(row => [row.id, row]))
  for (const [position, wish] of wishes.entries()) {
    const path = `triggers.${position}`
    const { id, ...config } = completed(wish)
    requirePossible(domain, flow, config, path)
    const known = id === undefined ? undefined : old.get(id)
    if (id !== undefined && known?.type !== config.type)
      throw invalid(`${path}.id`, `the flow has no trigger ${id} of type ${config.type}`)
    const columns = {
      position,
      config: JSON.stringify(config),
      source_flow_id: config.type === 'flow' ? config.flowId : null,
      next_at: nextOf(domain, flow, config)
    }
    if (known) {
      old.delete(known.id)
      const same = known.config === columns.config
      flowTriggers.update(known.id, { ...columns, ...(same ? {} : { seen: null, problem: null }) })
    } else {
      const empty = { sealed: null, seen: null, looked_at: null, problem: null }
      const row = { id: domain.newId(), flow_id: flow.id, type: config.type, created_at: domain.clock.now() }
      flowTriggers.insert({ ...columns, ...empty, ...row })
    }
  }
  for (const id of old.keys()) flowTriggers.remove(id)
  wakeDuties(domain)
}

/** The zone of a schedule stays what it is, wherever this computer is carried. */
function completed(wish: TriggerWish) {
  return wish.type === 'schedule' ? { ...wish, timezone: wish.timezone ?? localZone() } : wish
}

type Config = ReturnType<typeof completed>

function requirePossible(domain: Domain, flow: FlowRow, config: Omit<Config, 'id'> & Config, path: string): void {
  if (config.type === 'schedule') requireSchedule(config, `${path}.`, domain.clock.now())
  if (config.type !== 'flow') return
  const source = seen(domain, 'flows', domain.store.flows.byId(config.flowId))
  if (!source) throw fieldError('UNKNOWN_FLOW', `${path}.flowId`, `there is no flow ${config.flowId}`, 'no such flow')
  if (comesAfter(domain, source.id, flow.id))
    throw fieldError(
      'CIRCLE',
      `${path}.flowId`,
      'the flows would start each other for ever',
      `${source.title} comes after this flow`
    )
}

/** Whether a flow starts after another one, directly or through others; after itself, too. */
function comesAfter({ store }: Pick<Domain, 'store'>, flowId: string, other: string): boolean {
  const looked = new Set<string>()
  const open = [flowId]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === other) return true
    if (looked.has(id)) continue
    looked.add(id)
    open.push(...store.flowTriggers.ofFlow(id).flatMap(({ source_flow_id }) => source_flow_id ?? []))
  }
  return false
}

/** When a trigger is to be taken up next; null: by no time, or its flow is not active. */
function nextOf({ clock }: Pick<Domain, 'clock'>, { status }: FlowRow, config: Config): number | null {
  if (status !== 'active') return null
  if (config.type === 'schedule') return nextAfter(config, clock.now())
  return config.type === 'change' ? clock.now() : null
}

/** The flow is active from now on: what passed while it was not, passed. */
export function startTriggers(domain: Domain, flow: FlowRow): void {
  for (const { id, config } of domain.store.flowTriggers.ofFlow(flow.id))
    domain.store.flowTriggers.update(id, { next_at: nextOf(domain, flow, JSON.parse(config) as Config) })
  wakeDuties(domain)
}

/** A secret that is shown once. */
export function newSecret(domain: Domain, flow: FlowRow, triggerId: string): { secret: string; path: string } {
  const row = domain.store.flowTriggers.byId(triggerId)
  if (row?.flow_id !== flow.id || row.type !== 'webhook') throw new Missing('webhook', triggerId)
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  domain.store.flowTriggers.update(row.id, { sealed: domain.vault.seal(sealing(row), secret) })
  return { secret, path: webhookPath + row.id }
}

export function secretOf({ vault }: Pick<Domain, 'vault'>, row: TriggerRow): string | null {
  return row.sealed === null ? null : vault.open(sealing(row), row.sealed)
}

function sealing({ id }: Pick<TriggerRow, 'id'>): string {
  return `webhook:${id}`
}

export function toTrigger(row: TriggerRow): FlowTrigger {
  const config = { ...(JSON.parse(row.config) as Config), id: row.id }
  switch (config.type) {
    case 'schedule':
      return { ...config, words: inWords(config), nextAt: isoOrNull(row.next_at) }
    case 'webhook':
      return { ...config, path: webhookPath + row.id, signed: row.sealed !== null }
    case 'flow':
      return config
    case 'change':
      return { ...config, lookedAt: isoOrNull(row.looked_at), problem: row.problem }
    default:
      return config satisfies never
  }
}

/** The schedules of a flow in one line; null: it has none. */
export function schedulesOf(rows: readonly TriggerRow[]): string | null {
  const schedules = rows.filter(({ type }) => type === 'schedule').map(({ config }) => JSON.parse(config) as Schedule)
  return schedules.length === 0 ? null : schedules.map(inWords).join('; ')
}

export function nextRunAt(rows: readonly TriggerRow[]): string | null {
  const times = rows.flatMap(({ type, next_at }) => (type === 'schedule' && next_at !== null ? [next_at] : []))
  return times.length === 0 ? null : iso(Math.min(...times))
}
