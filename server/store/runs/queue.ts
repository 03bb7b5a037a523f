import type { Database } from '../database.ts'
import type { RunRow } from './runs.ts'

/** What of a queued run decides who takes it. */
export type QueuedRun = Pick<
  RunRow,
  | 'number'
  | 'runner_id'
  | 'parent_run_id'
  | 'runtime'
  | 'place'
  | 'cwd'
  | 'workspace'
  | 'alone_in'
  | 'labels'
  | 'images'
>

/** Whether the run `other` works in a folder, above it or below it. Windows writes paths with another separator. */
function worksIn(folder: string): string {
  const [here, there] = [folder, 'other.cwd'].map(path => `replace(${path}, '\\', '/') || '/'`)
  return `other.status IN ('CLAIMED', 'RUNNING', 'WAITING') AND other.cwd IS NOT NULL
    AND (instr(${here}, ${there}) = 1 OR instr(${there}, ${here}) = 1)`
}

/** Runs that wait to be taken, oldest first. */
export function queueStore(db: Database) {
  const columns =
    'SELECT number, runner_id, parent_run_id, runtime, place, cwd, workspace, alone_in, labels, images FROM runs AS run'
  // A follow-up of a run that is about to end waits for that: they share a session.
  const isFree = `status = 'QUEUED' AND NOT EXISTS (
    SELECT 1 FROM runs AS parent WHERE parent.id = run.parent_run_id AND parent.status IN ('CLAIMED', 'RUNNING', 'WAITING')
  ) AND (alone_in IS NULL OR NOT EXISTS (SELECT 1 FROM runs AS other WHERE ${worksIn('run.alone_in')}))`
  const open = db.prepare<[string], QueuedRun>(
    `${columns} WHERE runner_id = ? AND ${isFree} UNION ALL ${columns} WHERE runner_id IS NULL AND ${isFree} ORDER BY number`
  )
  const working = db.prepare<[string, string], { number: number }>(
    `SELECT other.number FROM runs AS other WHERE ${worksIn('?')} ORDER BY other.number LIMIT 1`
  )
  const waiting = db.prepare<[], { number: number }>(
    "SELECT number FROM runs WHERE status = 'QUEUED' AND alone_in IS NOT NULL LIMIT 1"
  )
  const byNumber = db.prepare<[number], RunRow>('SELECT * FROM runs WHERE number = ?')
  const after = db.prepare<[number, number], RunRow>(
    "SELECT * FROM runs WHERE status = 'QUEUED' AND number > ? ORDER BY number LIMIT ?"
  )
  const on = db.prepare<[string, number], RunRow>(
    "SELECT * FROM runs WHERE runner_id = ? AND status = 'QUEUED' ORDER BY number LIMIT ?"
  )
  return {
    /** The first one, of a runner or of none, that the runner takes; the queue is read as far as that. */
    first(runnerId: string, takes: (run: QueuedRun) => boolean): RunRow | undefined {
      for (const run of open.iterate(runnerId)) if (takes(run)) return byNumber.get(run.number)
      return undefined
    },
    /** The number of a run that works in a folder, above it or below it. */
    workingIn: (folder: string) => working.get(folder, folder)?.number,
    /** Whether any run waits for a folder to be free. */
    waitsForFolder: () => waiting.get() !== undefined,
    after: (number: number, limit: number) => after.all(number, limit),
    on: (runnerId: string, limit: number) => on.all(runnerId, limit)
  }
}
