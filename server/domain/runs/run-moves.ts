import { isEnded, type RunStatus } from '#contract/runs/runs'
import { batchOf } from '../../realtime/bus.ts'
import type { StoredEvent } from '../../store/runs/events.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { followTick } from '../work/flows/tick-progress.ts'
import { followRun } from '../work/task-progress.ts'
import type { EventDraft } from './event-draft.ts'
import { canMove } from './run-status.ts'
import { timesAfter, timesAtEnd } from './run-times.ts'

/** Appends events to a run and hands them to listeners after the commit. Returns the run as it is then. */
export function appendEvents(domain: Domain, run: RunRow, drafts: readonly EventDraft[]): RunRow {
  if (drafts.length === 0) return run
  const events = drafts.map((draft, index) => storedEvent(domain, run.last_seq + index + 1, draft))
  for (const event of events) domain.store.events.append(run.number, event)
  domain.store.search.note(run.number)
  const batch = batchOf(events)
  domain.store.writer.afterCommit(() => {
    if (batch) domain.bus.publish('events', String(run.number), { run: run.number, batch })
  })
  return updateRun(domain, run, {
    last_seq: run.last_seq + events.length,
    ...timesAfter(run, drafts, domain.clock.now())
  })
}

function storedEvent(domain: Domain, seq: number, draft: EventDraft): StoredEvent {
  if (draft.text) return { seq, body: `{"seq":${seq},${draft.text}` }
  const ts = draft.ts ?? new Date(domain.clock.now()).toISOString()
  return { seq, body: JSON.stringify({ seq, ts, kind: draft.kind, message: draft.message, data: draft.data }) }
}

/** Writes columns of a run without telling listeners. */
export function updateRun(domain: Domain, run: RunRow, columns: Partial<RunRow>): RunRow {
  domain.store.runs.update(run.number, columns)
  return { ...run, ...columns }
}

/** Writes columns of a run and tells listeners. */
export function updateRunVisibly(domain: Domain, run: RunRow, columns: Partial<RunRow>): RunRow {
  const updated = updateRun(domain, run, columns)
  recordChange(domain, 'run', 'changed', run.id)
  return updated
}

/** Moves a run by the table of legal moves; `reason` says why in words. Throws on an illegal move: that is our own fault. */
export function moveRun(
  domain: Domain,
  run: RunRow,
  to: RunStatus,
  reason: string | null,
  columns: Partial<RunRow> = {}
): RunRow {
  if (!canMove(run.status, to)) throw new Error(`run ${run.number} cannot move from ${run.status} to ${to}`)
  const now = domain.clock.now()
  // Before its start it took no time yet.
  const waited = run.status === 'WAITING' && run.started_at !== null ? Math.max(0, now - run.status_since) : 0
  const moved = updateRunVisibly(domain, run, {
    ...columns,
    status: to,
    status_reason: reason,
    status_since: now,
    waited_ms: run.waited_ms + waited,
    ...(isEnded(to) ? timesAtEnd(run, now, run.waited_ms + waited) : {})
  })
  if (run.agent_id !== null) recordChange(domain, 'agent', 'changed', run.agent_id)
  followRun(domain, moved)
  followTick(domain, moved)
  return moved
}

export function isLive(run: RunRow): boolean {
  return !isEnded(run.status)
}

/** Until its last turn is over or it is being stopped; from then on it can be followed up. */
export function takesInput(run: RunRow): boolean {
  return isLive(run) && run.accepts_input === 1 && run.stopping === 'no'
}
