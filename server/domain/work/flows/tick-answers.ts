import { AppError } from '#contract/errors'
import { iso } from '../../../store/columns.ts'
import type { TickRow } from '../../../store/work/flow-ticks.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import { type Domain, recordChange } from '../../domain.ts'
import { moveTick } from './tick-moves.ts'

/** A person is asked whether a run of a flow may start. Nobody is there who would ask again: it waits so long. */
export function askForTick(domain: Domain, flow: FlowRow, tick: TickRow, prompt: string): TickRow {
  const { store, clock } = domain
  const now = clock.now()
  const expires = now + flow.approval_minutes * 60_000
  const id = domain.newId()
  store.approvals.insert({
    id,
    run: 0,
    run_id: '',
    flow_id: flow.id,
    flow_tick_id: tick.id,
    attempt: tick.attempt,
    key: tick.id,
    kind: 'flow',
    tool: 'flow',
    tool_use_id: null,
    title: `Start the flow “${flow.title}”`,
    subject: flow.title,
    input: JSON.stringify({ prompt, origin: tick.origin, dueAt: iso(tick.due_at), expiresAt: iso(expires) }),
    reason: null,
    editable: 0,
    status: 'pending',
    agent_id: flow.agent_id,
    agent_name: store.agents.byId(flow.agent_id)?.name ?? null,
    created_at: now,
    expires_at: expires
  })
  recordChange(domain, 'approval', 'created', id)
  return moveTick(domain, tick, 'pending', null, { approval_id: id, wake_at: expires })
}

/** What a person answered takes effect: an approved run is launched by the duty of ticks. */
export function answerTick(domain: Domain, tickId: string, allow: boolean, words: string | null): void {
  const tick = domain.store.flowTicks.byId(tickId)
  if (tick?.status !== 'pending') return
  if (allow) moveTick(domain, tick, 'approved', null, { wake_at: domain.clock.now() })
  else moveTick(domain, tick, 'skipped', { code: 'DENIED', message: words ?? 'A person said no' })
}

/** Nobody answered in time. That is no, and is not said to be anybody's. */
export function expireTick(domain: Domain, tick: TickRow): void {
  // Whoever decided in a window may still take it back; then it is told, or asked again.
  if (!closeQuestion(domain, tick, 'expired')) {
    domain.store.flowTicks.update(tick.number, { wake_at: null })
    return
  }
  moveTick(domain, tick, 'skipped', { code: 'UNANSWERED', message: 'Nobody answered in time' })
}

/** A question that is open is closed; false: somebody has answered. */
export function closeQuestion(domain: Domain, tick: TickRow, status: 'expired' | 'withdrawn'): boolean {
  const row = tick.approval_id === null ? undefined : domain.store.approvals.byId(tick.approval_id)
  if (row?.status !== 'pending') return row === undefined
  domain.store.approvals.update(row.number, { status, decided_at: domain.clock.now() })
  recordChange(domain, 'approval', 'changed', row.id)
  return true
}

/** What a flow asks is asked again when its answer is taken back: it may have expired meanwhile. */
export function reopenTick(domain: Domain, tickId: string): void {
  const tick = domain.store.flowTicks.byId(tickId)
  if (tick?.status !== 'pending') throw new AppError('APPROVAL_DECIDED', 'Its flow does not wait for it any more')
  const flow = domain.store.flows.byId(tick.flow_id)
  const expires = tick.created_at + (flow?.approval_minutes ?? 0) * 60_000
  moveTick(domain, tick, 'pending', null, { wake_at: Math.max(expires, domain.clock.now()) })
}
