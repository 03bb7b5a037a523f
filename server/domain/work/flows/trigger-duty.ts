import { AppError } from '#contract/errors'
import type { Watched } from '#contract/watched'
import type { Store } from '../../../store/store.ts'
import type { TriggerRow } from '../../../store/work/flow-triggers.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import { type Domain, recordChange } from '../../domain.ts'
import type { Duty } from '../../duty.ts'
import { flowsActor, nameOf, stateOf } from './checks.ts'
import { nextAfter, type Passed, passed, type Schedule } from './schedule.ts'
import { expireTick } from './tick-answers.ts'
import { insertTick } from './tick-moves.ts'
import { raiseTick } from './ticks.ts'

/** Triggers taken up in one transaction. */
const step = 20
/** A tick that is late by no more was not missed, in ms. */
const onTimeMs = 60_000
/** The time of day was set back when it is behind what it was by more than this, in ms. */
const setBackMs = 60_000

/** By the time of day, the latest that was seen; and up to which trigger times were worked out anew since it was set back. */
interface Seen {
  at: number
  anewAfter: string | null
}
const seen = new WeakMap<Store, Seen>()

/** Starts flows at their time, and looks for changes. One look at one index, however many flows there are. */
export const dueTriggers: Duty = {
  due({ store, clock }) {
    const now = clock.now()
    const known = seen.get(store) ?? { at: lastWritten(store), anewAfter: null }
    seen.set(store, known)
    if (now < known.at - setBackMs) known.anewAfter = ''
    known.at = now
    if (known.anewAfter !== null) return 0
    const next = store.flowTriggers.next()
    return next === null ? null : next - now
  },
  perform(domain) {
    const known = seen.get(domain.store)
    if (known && known.anewAfter !== null) known.anewAfter = workOutAnew(domain, known.anewAfter)
    for (const trigger of domain.store.flowTriggers.due(domain.clock.now(), step)) takeUp(domain, trigger)
  },
  late: 'perform'
}

/** When something was changed last, by the time of day of then. */
function lastWritten({ changes }: Store): number {
  const { last } = changes.bounds()
  return last === null ? 0 : (changes.after(last - 1, 1)[0]?.ts ?? 0)
}

/**
 * The time of day was set back: what waits for a time that was reckoned by the wrong one may come sooner. What was taken
 * up already is not taken up again. Returns how far it got; null: all are done.
 */
function workOutAnew(domain: Domain, after: string): string | null {
  const triggers = domain.store.flowTriggers.timed(after, step * 10)
  const now = domain.clock.now()
  for (const { id, type, config, next_at } of triggers) {
    const next = type === 'schedule' ? nextAfter(JSON.parse(config) as Schedule, now) : now
    if (next !== null && next_at !== null && next < next_at) domain.store.flowTriggers.update(id, { next_at: next })
  }
  return triggers.length < step * 10 ? null : (triggers.at(-1)?.id ?? null)
}

function takeUp(domain: Domain, trigger: TriggerRow): void {
  const flow = domain.store.flows.byId(trigger.flow_id)
  if (flow?.status !== 'active') domain.store.flowTriggers.update(trigger.id, { next_at: null })
  else if (trigger.type === 'schedule') fire(domain, flow, trigger)
  else look(domain, flow, trigger)
}

/** The tick that is due now and those that were missed before it, with when it is due next: one transaction. */
function fire(domain: Domain, flow: FlowRow, trigger: TriggerRow): void {
  const { store, clock } = domain
  const now = clock.now()
  const schedule = JSON.parse(trigger.config) as Schedule
  const all = passed(schedule, trigger.next_at ?? now, now)
  store.flowTriggers.update(trigger.id, { next_at: nextAfter(schedule, now) })
  recordChange(domain, 'flow', 'changed', flow.id)
  const times = all.times.filter(time => !store.flowTicks.isTaken(trigger.id, time))
  const run = timesToRun(flow, times, now)
  const left = times.filter(time => !run.includes(time))
  if (left.length > 0) tellMissed(domain, flow, trigger, { ...all, times: left }, now)
  if (run.length === 0) return
  // The next one has come, and nobody answered the last.
  for (const tick of store.flowTicks.open(flow.id))
    if (tick.status === 'pending' && tick.trigger_id === trigger.id) expireTick(domain, tick)
  for (const dueAt of run) raiseTick(domain, flow, { origin: 'schedule', trigger, dueAt, inTurn: run.length > 1 })
}

function timesToRun(flow: FlowRow, times: readonly number[], now: number): number[] {
  const last = times.at(-1)
  if (last === undefined) return []
  const isOnTime = now - last <= onTimeMs
  const missed = isOnTime ? times.slice(0, -1) : [...times]
  const current = isOnTime ? [last] : []
  switch (flow.catch_up) {
    case 'skip':
      return current
    case 'once':
      return [last]
    case 'all':
      return [...missed.slice(-flow.catch_up_max), ...current]
    default:
      return flow.catch_up satisfies never
  }
}

function tellMissed(
  domain: Domain,
  flow: FlowRow,
  trigger: TriggerRow,
  { times, first, more }: Passed,
  now: number
): void {
  const count = times.length
  const many = more ? `More than ${count} ticks were` : count === 1 ? 'One tick was' : `${count} ticks were`
  const dueAt = more ? first : (times[0] ?? first)
  insertTick(domain, {
    flow_id: flow.id,
    trigger_id: trigger.id,
    origin: 'schedule',
    due_at: domain.store.flowTicks.isTaken(trigger.id, dueAt) ? now : dueAt,
    status: 'skipped',
    reason_code: 'MISSED',
    reason: `${many} missed: the control plane was closed, or this computer asleep`,
    missed: count,
    given: '{}'
  })
}

interface ChangeConfig {
  watched: Watched
  folder: string | null
  everySeconds: number
}

/** A runner is asked what is there now. When that is looked at next is known before. */
function look(domain: Domain, flow: FlowRow, trigger: TriggerRow): void {
  const config = JSON.parse(trigger.config) as ChangeConfig
  domain.store.flowTriggers.update(trigger.id, { next_at: domain.clock.now() + config.everySeconds * 1000 })
  domain.store.writer.afterCommit(() => void answerLook(domain, flow, trigger.id, config).catch(domain.store.onError))
}

async function answerLook(domain: Domain, flow: FlowRow, id: string, config: ChangeConfig): Promise<void> {
  const found = await whatIsThere(domain, flow, config)
  await domain.store.writer.write(() => {
    const [now, trigger] = [domain.store.flows.byId(flow.id), domain.store.flowTriggers.byId(id)]
    if (now && trigger) noteLook(domain, now, trigger, config, found)
  }, flowsActor)
}

type Found = { state: string } | { problem: string }

async function whatIsThere(domain: Domain, flow: FlowRow, { watched, folder }: ChangeConfig): Promise<Found> {
  try {
    return { state: await stateOf(domain, flow, watched, folder) }
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message }
    throw error
  }
}

/** The first look only learns what is there. */
function noteLook(domain: Domain, flow: FlowRow, trigger: TriggerRow, { watched }: ChangeConfig, found: Found): void {
  const now = domain.clock.now()
  const problem = 'problem' in found ? found.problem : null
  const state = 'state' in found ? found.state : trigger.seen
  domain.store.flowTriggers.update(trigger.id, { looked_at: now, problem, seen: state })
  if (problem !== trigger.problem) recordChange(domain, 'flow', 'changed', flow.id)
  if (trigger.seen === null || state === trigger.seen || flow.status !== 'active') return
  raiseTick(domain, flow, { origin: 'change', trigger, dueAt: now, given: { changed: nameOf(watched) } })
}
