import { AppError } from '#contract/errors'
import type { RunnerRow } from '../../store/runners/runners.ts'
import { type Domain, recordChange } from '../domain.ts'
import { endRun } from '../runs/run-ending.ts'
import { requireRunner } from './runners.ts'

/** Runs looked at in one transaction. */
const step = 200

/** The row stays, so that the same folder coming back is the same runner. */
export function forgetRunner(domain: Domain, id: string): void {
  const row = requireRunner(domain, id)
  if (row.online === 1) throw new AppError('LIMIT_REACHED', `${row.name} is connected; stop it first`)
  const held = domain.store.runs.heldCount(id)
  if (held > 0)
    throw new AppError('LIMIT_REACHED', `${row.name} may still be at work on ${held} runs; wait until they are lost`)
  domain.store.runners.forget(id)
  recordChange(domain, 'runner', 'deleted', id)
  endWaiting(domain, row)
}

/** What must run there never will. In steps, so that nobody waits for all of it. */
function endWaiting(domain: Domain, row: RunnerRow): void {
  const message = `It had to run on ${row.name}, which was forgotten; launch it anew`
  const queued = domain.store.queue.on(row.id, step)
  for (const run of queued)
    endRun(domain, run, { status: 'FAILED', result: null, error: { code: 'RUNNER_FORGOTTEN', message } })
  if (queued.length < step) return
  const { writer } = domain.store
  const isStill = () => domain.store.runners.byId(row.id)?.state === 'deleted'
  writer.afterCommit(() => void writer.write(() => isStill() && endWaiting(domain, row)).catch(() => undefined))
}
