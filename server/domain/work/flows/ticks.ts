import { AppError } from '#contract/errors'
import { launchBody } from '#contract/runs/runs'
import type { FlowOrigin } from '#contract/work/flow-runs'
import type { TickRow } from '../../../store/work/flow-ticks.ts'
import type { TriggerRow } from '../../../store/work/flow-triggers.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import type { Domain } from '../../domain.ts'
import { launchRun } from '../../runs/runs.ts'
import { filledPrompt } from './prompt.ts'
import { asOwner } from './standing.ts'
import { askForTick } from './tick-answers.ts'
import { insertTick, moveTick, type Why, wakeDuties } from './tick-moves.ts'

/** Ticks of one flow that may wait for their turn. */
const maxQueued = 20

export interface Occasion {
  origin: FlowOrigin
  trigger: TriggerRow | null
  dueAt: number
  /** Variables that come with it. */
  given?: Readonly<Record<string, string>>
  /** One of several that were missed: they take turns, whatever else holds of the flow. */
  inTurn?: boolean
}

/**
 * A flow is to start: one row says what comes of it, in the transaction that launches the run. Somebody who waits for the
 * answer is told by an error instead (`strict`), and then there is no row.
 */
export function raiseTick(domain: Domain, flow: FlowRow, occasion: Occasion, strict = false): TickRow {
  const tick = {
    flow_id: flow.id,
    trigger_id: occasion.trigger?.id ?? null,
    origin: occasion.origin,
    due_at: occasion.dueAt,
    missed: 0,
    given: JSON.stringify(occasion.given ?? {})
  }
  const verdict = turnOf(domain, flow, occasion.inTurn ?? false)
  if (verdict === 'go')
    return begin(
      domain,
      flow,
      insertTick(domain, { ...tick, status: 'approved', reason_code: null, reason: null }),
      strict
    )
  if (verdict === 'wait') {
    const reason = 'The one before has not ended'
    return insertTick(domain, { ...tick, status: 'queued', reason_code: 'WAITS', reason })
  }
  if (strict) throw new AppError('FLOW_RUNNING', verdict.message)
  return insertTick(domain, { ...tick, status: 'refused', reason_code: verdict.code, reason: verdict.message })
}

function turnOf(domain: Pick<Domain, 'store'>, flow: FlowRow, inTurn: boolean): 'go' | 'wait' | Why {
  const open = domain.store.flowTicks.open(flow.id)
  const queued = open.filter(({ status }) => status === 'queued').length
  const going = open.length - queued
  if (going < capacityOf(flow) && queued === 0) return 'go'
  if (flow.overlap === 'queue' || inTurn) {
    if (queued < maxQueued) return 'wait'
    return {
      code: 'LIMIT_REACHED',
      message: `Flow is already running, and ${maxQueued} runs of it wait for their turn`
    }
  }
  const message = flow.overlap === 'parallel' ? `${going} runs of the flow are under way already` : whatHolds(open)
  return { code: 'FLOW_RUNNING', message }
}

/** Why a flow does not start beside what it began. */
function whatHolds(open: readonly TickRow[]): string {
  if (open.some(({ status }) => status === 'pending')) return 'A run of the flow waits for a person already'
  if (open.some(({ status }) => status === 'retrying')) return 'A run of the flow failed, and is tried again first'
  return 'Flow is already running'
}

function capacityOf({ overlap, max_parallel }: FlowRow): number {
  return overlap === 'parallel' ? max_parallel : 1
}

/** One that waited for its turn is looked at: something before it has ended. */
export function takeTurn(domain: Domain, flow: FlowRow, tick: TickRow): void {
  const open = domain.store.flowTicks.open(flow.id)
  const queued = open.filter(({ status }) => status === 'queued')
  const going = open.length - queued.length
  if (queued[0]?.number !== tick.number || going >= capacityOf(flow)) {
    domain.store.flowTicks.update(tick.number, { wake_at: null })
    return
  }
  begin(domain, flow, tick, false)
  // There may be room for another one.
  const next = queued[1]
  if (next) domain.store.flowTicks.update(next.number, { wake_at: domain.clock.now() })
}

/** Whoever starts a flow by hand has looked. */
function begin(domain: Domain, flow: FlowRow, tick: TickRow, strict: boolean): TickRow {
  if (flow.pre_check !== null && tick.origin !== 'manual')
    return moveTick(domain, tick, 'checking', null, { wake_at: domain.clock.now() })
  return goOn(domain, flow, tick, strict)
}

/** Past its check. */
export function goOn(domain: Domain, flow: FlowRow, tick: TickRow, strict = false): TickRow {
  if (flow.mode === 'always_ask') return askForTick(domain, flow, tick, filledPrompt(flow, tick, domain.clock.now()))
  return launchTick(domain, flow, tick, strict)
}

/** The run of a tick. One that is refused was refused before anything was written. */
export function launchTick(domain: Domain, flow: FlowRow, tick: TickRow, strict = false): TickRow {
  const now = domain.clock.now()
  try {
    const prompt = filledPrompt(flow, tick, now)
    if (prompt.trim() === '') throw new AppError('INVALID_REQUEST', 'With its variables in place the prompt is empty')
    const body = launchBody.parse({
      prompt,
      agentId: flow.agent_id,
      ...(flow.model === null ? {} : { model: flow.model }),
      ...(flow.timeout_seconds === null ? {} : { timeoutSeconds: flow.timeout_seconds })
    })
    const { id } = launchRun(asOwner(domain, flow), body, {
      trigger: 'flow',
      flow: { id: flow.id, ownerId: flow.owner_id, mcpIds: flow.mcp_ids, humanMinutes: flow.human_minutes }
    })
    domain.store.flows.update(flow.number, { last_run_at: now })
    return moveTick(domain, tick, 'approved', null, { run_id: id, attempt: tick.attempt + 1 })
  } catch (error) {
    if (strict || !(error instanceof AppError)) throw error
    if (tick.attempt === 0) return moveTick(domain, tick, 'refused', error)
    // It is not tried any more.
    return moveTick(domain, tick, 'failed', error, { wake_at: now, attempt: Math.max(tick.attempt, flow.retries + 1) })
  }
}

/** What has not started of a flow does not start any more; what runs goes on. */
export function skipWaiting(domain: Domain, flow: FlowRow, why: Why, close: (tick: TickRow) => void): void {
  for (const tick of domain.store.flowTicks.open(flow.id)) {
    if (tick.status === 'running' || (tick.status === 'approved' && tick.run_id !== null)) continue
    if (tick.status === 'pending') close(tick)
    // It ran and failed: that is what came of it.
    if (tick.status === 'retrying') moveTick(domain, tick, 'failed', { ...why }, { wake_at: domain.clock.now() })
    else moveTick(domain, tick, 'skipped', why)
  }
  wakeDuties(domain)
}
