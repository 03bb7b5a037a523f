import { AppError } from '#contract/errors'
import { isEnded } from '#contract/runs/runs'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { requireRun } from './runs.ts'

/** Throws RUN_NOT_ENDED. */
export function deleteRun(domain: Domain, id: string): void {
  const run = requireRun(domain, id)
  if (!isEnded(run.status)) throw new AppError('RUN_NOT_ENDED', `Run ${run.number} has not ended; cancel it first`)
  removeRun(domain, run)
}

export function removeRun(domain: Domain, run: RunRow): void {
  domain.store.removal.remove(run)
  domain.store.search.note(run.number)
  recordChange(domain, 'run', 'deleted', run.id)
  if (run.agent_id !== null) recordChange(domain, 'agent', 'changed', run.agent_id)
  wakeSweeper(domain)
}

/** Lets its events go; the run itself stays. */
export function emptyRun(domain: Domain, run: RunRow): void {
  domain.store.removal.empty(run, domain.clock.now())
  domain.store.search.note(run.number)
  recordChange(domain, 'run', 'changed', run.id)
  wakeSweeper(domain)
}

function wakeSweeper(domain: Domain): void {
  domain.store.writer.afterCommit(() => domain.bus.publish('duties', '', null))
}
