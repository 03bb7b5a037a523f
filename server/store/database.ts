import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DataFolderError } from './data-folder.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'

export type Database = Sqlite.Database

/**
 * Opens `<dataDir>/flotilla.db` and brings it to the newest schema. Before a migration the database is copied to
 * `backups/`. Throws DataFolderError when the file is corrupt or newer than this program.
 */
export function openDatabase(dataDir: string): Database {
  const file = join(dataDir, 'flotilla.db')
  let db: Database | undefined
  try {
    db = new Sqlite(file, { timeout: 2000 })
    db.pragma('journal_mode = WAL')
    // FULL costs nothing once commits are grouped, and an acknowledged event survives a power cut.
    db.pragma('synchronous = FULL')
    db.pragma('fullfsync = ON')
    db.pragma('foreign_keys = ON')
    db.pragma('cache_size = -16000')
    migrate(db, dataDir, migrations)
    return db
  } catch (error) {
    db?.close()
    if (error instanceof DataFolderError) throw error
    throw new DataFolderError(readable(file, error as Error & { code?: string }))
  }
}

function readable(file: string, error: Error & { code?: string }): string {
  const corrupt = error.code === 'SQLITE_CORRUPT' || error.code === 'SQLITE_NOTADB'
  return corrupt
    ? `${file} is damaged (${error.message}). Put back a copy from the backups folder beside it, or move the file away to start empty.`
    : `${file} cannot be opened: ${error.message}`
}

/** Takes the missing steps, each in a transaction of its own, after a copy of what was there. */
export function migrate(db: Database, dataDir: string, steps: readonly Migration[]): void {
  const current = db.pragma('user_version', { simple: true }) as number
  if (current > steps.length)
    throw new DataFolderError(
      `The database was made by a newer Flotilla (schema ${current}, this program knows ${steps.length}). Start that version, or put back a copy from ${join(dataDir, 'backups')}.`
    )
  for (const [index, step] of steps.entries()) {
    if (index < current) continue
    // A database that was just made holds nothing to lose.
    if (current > 0) copyBefore(db, dataDir, index)
    db.transaction(() => {
      db.exec(step.sql)
      db.pragma(`user_version = ${index + 1}`)
    })()
  }
}

function copyBefore(db: Database, dataDir: string, schema: number): void {
  const folder = join(dataDir, 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  db.prepare('VACUUM INTO ?').run(join(folder, `flotilla-schema${schema}-${stamp}.db`))
}
