import { AppError } from '#contract/errors'
import type { RunDaemon } from '#contract/runners/runner-protocol'
import type { Run } from '#contract/runs/runs'
import { daemonsOf } from '../../store/runs/json-columns.ts'
import { toRun } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { commandRunner, requireOnline } from '../runners/runners.ts'
import { updateRunVisibly } from './run-moves.ts'
import { requireRun } from './runs.ts'

/** Tells the runner to end a process that the agent of a run left on purpose. Throws NOT_FOUND or RUNNER_OFFLINE. */
export function stopDaemon(domain: Domain, id: string, pid: number): Run {
  const run = requireRun(domain, id)
  const daemon = daemonsOf(run).find(one => one.pid === pid)
  if (daemon === undefined) throw new AppError('NOT_FOUND', `Run ${run.number} has no process ${pid} that still lives`)
  if (run.runner_id === null) throw new AppError('RUNNER_OFFLINE', 'Its runner was forgotten')
  requireOnline(domain, run.runner_id)
  commandRunner(domain, run.runner_id, { type: 'stopDaemon', runId: id, pid, started: daemon.started })
  return toRun(run)
}

/** Its runner says which of them live now. */
export function noteDaemons(domain: Domain, id: string, daemons: readonly RunDaemon[]): void {
  updateRunVisibly(domain, requireRun(domain, id), { daemons: JSON.stringify(daemons) })
}
