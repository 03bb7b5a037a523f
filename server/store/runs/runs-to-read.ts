import type { Database } from '../database.ts'
import type { ReadRun } from './search-reading.ts'

/** Stands for all that was there before the index. */
const everything = 0

export function runsToReadStore(db: Database) {
  const add = db.prepare('INSERT OR IGNORE INTO runs_to_read VALUES (?)')
  const addEverything = db.prepare(
    `INSERT OR IGNORE INTO runs_to_read SELECT ${everything} WHERE EXISTS (SELECT 1 FROM runs)`
  )
  const any = db.prepare('SELECT 1 FROM runs_to_read LIMIT 1')
  // It may have gone on, or have gone, while it was read.
  const read = db.prepare(
    `DELETE FROM runs_to_read WHERE run = ?
       AND EXISTS (SELECT 1 FROM runs WHERE number = ? AND last_seq <= ? AND events_removed_at IS NULL)`
  )
  const gone = db.prepare(
    `DELETE FROM runs_to_read WHERE run = ?
       AND NOT EXISTS (SELECT 1 FROM runs WHERE number = ? AND events_removed_at IS NULL)`
  )
  const remove = db.prepare('DELETE FROM runs_to_read WHERE run = ?')
  return {
    add: (run: number) => void add.run(run),
    addEverything: () => void addEverything.run(),
    any: () => any.get() !== undefined,
    done(runs: readonly ReadRun[]): void {
      for (const { run, upTo, gone: isGone } of runs) {
        if (isGone) gone.run(run, run)
        else read.run(run, run, upTo)
      }
    },
    everythingDone: () => void remove.run(everything)
  }
}
