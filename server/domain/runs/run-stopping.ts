import type { RunRow } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { commandRunner } from '../runners/runners.ts'
import { updateRunVisibly } from './run-moves.ts'

/** Tells the runner of a run to stop it: it is asked first, then ended; `now` skips the asking. */
export function stopRun(domain: Domain, run: RunRow, now: boolean, columns: Partial<RunRow> = {}): RunRow {
  if (run.runner_id !== null) commandRunner(domain, run.runner_id, { type: 'cancel', runId: run.id, now })
  return updateRunVisibly(domain, run, { ...columns, stopping: now ? 'now' : 'asked' })
}
