import { chmodSync, renameSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** Copies a database that is in use to a file, which appears whole or not at all. Takes as long as reading all of it. */
export function copyDatabase(from: string, to: string): void {
  const draft = `${to}.part`
  rmSync(draft, { force: true })
  const db = new Sqlite(from, { timeout: 5000 })
  try {
    // One statement sees one state, however many commits come meanwhile.
    db.prepare('VACUUM INTO ?').run(draft)
    chmodSync(draft, 0o600)
    renameSync(draft, to)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    db.close()
  }
}
