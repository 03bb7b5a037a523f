import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { appendEvents } from './run-moves.ts'

/** A run ends with input that nobody read: it says so, and keeps the words for a follow-up. */
export function dropInput(domain: Domain, run: RunRow): RunRow {
  const waiting = domain.store.inputs.queued(run.number)
  if (waiting.length === 0) return run
  for (const row of waiting) domain.store.inputs.update({ ...row, status: 'dropped' })
  recordChange(domain, 'input', 'changed', run.id)
  const what = waiting.length === 1 ? 'A message was' : `${waiting.length} messages were`
  const message = `${what} not read before the run ended. It can be sent again as a follow-up.`
  const data = { subtype: 'input_dropped', inputs: waiting.map(row => row.n) }
  return appendEvents(domain, run, [{ kind: 'system', message, data }])
}

/** A run that had been given up is alive: what waited for it waits again. */
export function requeueInput(domain: Domain, run: RunRow): void {
  const dropped = domain.store.inputs.dropped(run.number)
  for (const row of dropped) domain.store.inputs.update({ ...row, status: 'queued' })
  if (dropped.length > 0) recordChange(domain, 'input', 'changed', run.id)
}
