import type { FlowRunStatus } from '#contract/work/flow-runs'
import type { FlowOutcome } from '#contract/work/flows'
import { recentOutcomes } from '#contract/work/flows'
import type { NewTick, TickRow } from '../../../store/work/flow-ticks.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import { type Domain, recordChange } from '../../domain.ts'

/** Ticks that are kept of a flow, however long ago they were. */
const keptTicks = 1000

export const letters = { completed: 'c', failed: 'f', skipped: 's', refused: 'r' } as const satisfies Record<
  FlowOutcome,
  string
>

export interface Why {
  code: string
  message: string
}

/** Writes a row for a tick. */
export function insertTick(domain: Domain, tick: Omit<NewTick, 'id' | 'created_at' | 'ended_at'>): TickRow {
  const { store, clock } = domain
  const now = clock.now()
  const ended = isOver(tick.status)
  const number = store.flowTicks.insert({ ...tick, id: domain.newId(), created_at: now, ended_at: ended ? now : null })
  const row = store.flowTicks.byNumber(number)
  if (!row) throw new Error('a tick vanished while it was written')
  store.flowTicks.trim(tick.flow_id, keptTicks)
  if (ended) noteOutcome(domain, row)
  recordChange(domain, 'flow', 'changed', tick.flow_id)
  return row
}

function isOver(status: FlowRunStatus): status is FlowOutcome {
  return status in letters
}

/** Moves a tick; `why` is its reason from now on. One that ends has its outcome noted with its flow. */
export function moveTick(
  domain: Domain,
  tick: TickRow,
  status: FlowRunStatus,
  why: Why | null,
  more: Partial<TickRow> = {}
): TickRow {
  const ended = isOver(status)
  const columns: Partial<TickRow> = {
    wake_at: null,
    ...more,
    status,
    reason_code: why?.code ?? null,
    reason: why?.message ?? null,
    ended_at: ended ? (tick.ended_at ?? domain.clock.now()) : null
  }
  domain.store.flowTicks.update(tick.number, columns)
  const moved = { ...tick, ...columns }
  if (ended && tick.ended_at === null) {
    noteOutcome(domain, moved)
    wakeQueued(domain, moved)
  }
  recordChange(domain, 'flow', 'changed', tick.flow_id)
  if (typeof columns.wake_at === 'number') wakeDuties(domain)
  return moved
}

/** One has ended: the one that waits longest may have its turn. */
function wakeQueued(domain: Domain, { flow_id }: TickRow): void {
  const next = domain.store.flowTicks.open(flow_id).find(({ status }) => status === 'queued')
  if (!next) return
  domain.store.flowTicks.update(next.number, { wake_at: domain.clock.now() })
  wakeDuties(domain)
}

export function wakeDuties(domain: Domain): void {
  domain.store.writer.afterCommit(() => domain.bus.publish('duties', '', null))
}

/** Of runs that were launched it is noted once they are settled. */
function noteOutcome(domain: Domain, tick: TickRow): void {
  if (tick.status === 'completed' || tick.status === 'failed' || !isOver(tick.status)) return
  const flow = domain.store.flows.byId(tick.flow_id)
  if (flow) domain.store.flows.update(flow.number, { recent: withOutcome(flow, tick.status) })
}

export function withOutcome({ recent }: Pick<FlowRow, 'recent'>, outcome: FlowOutcome): string {
  return (recent + letters[outcome]).slice(-recentOutcomes)
}
