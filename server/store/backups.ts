import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Backup } from '#contract/data'
import { iso } from './columns.ts'
import { DataFolderError } from './data-folder.ts'

/** Copies of the database, each a file of its own in `<dataDir>/backups`, readable by its user only. */
function backupsFolder(dataDir: string): string {
  return join(dataDir, 'backups')
}

/** Where a new copy goes. `why` is part of the name, for whoever looks at the folder. */
function backupFile(dataDir: string, why: string, now: number): string {
  const folder = backupsFolder(dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const name = `flotilla-${why}-${iso(now).replace(/[:.]/g, '-')}`
  // A clock may stand, or go back: what is there is never written over.
  for (let n = 1; ; n++) {
    const file = join(folder, n === 1 ? `${name}.db` : `${name}-${n}.db`)
    if (!existsSync(file)) return file
  }
}

export type BackupStore = ReturnType<typeof backupStore>

export function backupStore(dataDir: string, copyTo: (file: string) => Promise<void>) {
  return {
    folder: dataDir,
    list: () => listBackups(dataDir),
    find: (name: string) => findBackup(dataDir, name),
    /** Throws Error with the reason of the system. */
    async make(now: number): Promise<Backup> {
      const file = backupFile(dataDir, 'backup', now)
      await copyTo(file)
      return toBackup(dataDir, basename(file))
    },
    remove: removeBackup,
    wished: () => wishedRestore(dataDir),
    wish: (name: string | null) => wishRestore(dataDir, name)
  }
}

function listBackups(dataDir: string): Backup[] {
  const folder = backupsFolder(dataDir)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.db'))
    .map(entry => toBackup(dataDir, entry.name))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}

/** null: there is none of this name. A name is never a path. */
function findBackup(dataDir: string, name: string): Backup | null {
  return listBackups(dataDir).find(backup => backup.name === name) ?? null
}

function toBackup(dataDir: string, name: string): Backup {
  const path = join(backupsFolder(dataDir), name)
  const { size, mtimeMs } = statSync(path)
  return { name, path, bytes: size, createdAt: iso(Math.round(mtimeMs)), schema: schemaOf(path) }
}

/** SQLite keeps it at a fixed place of the file's head, so that nothing has to be opened for a list. */
function schemaOf(file: string): number | null {
  const head = Buffer.alloc(64)
  const handle = openSync(file, 'r')
  try {
    const whole = readSync(handle, head) === head.length && head.toString('latin1', 0, 15) === 'SQLite format 3'
    return whole ? head.readUInt32BE(60) : null
  } finally {
    closeSync(handle)
  }
}

function removeBackup({ path }: Backup): void {
  rmSync(path)
}

/** Holds the name of the copy that is put back at the next start. */
function wishFile(dataDir: string): string {
  return join(dataDir, 'restore')
}

function wishedRestore(dataDir: string): string | null {
  try {
    return readFileSync(wishFile(dataDir), 'utf8').trim() || null
  } catch {
    return null
  }
}

function wishRestore(dataDir: string, name: string | null): void {
  if (name === null) rmSync(wishFile(dataDir), { force: true })
  else replaceFile(wishFile(dataDir), draft => writeFileSync(draft, `${name}\n`, { mode: 0o600 }))
}

/**
 * Puts the wished copy in the place of the database; what was there becomes a copy itself. To be called under the lock and
 * before the database is opened. Throws DataFolderError, with everything as it was.
 */
export function restoreWished(dataDir: string, now: number): string | null {
  const name = wishedRestore(dataDir)
  if (name === null) return null
  const copy = findBackup(dataDir, name)
  if (copy === null)
    throw new DataFolderError(
      `The copy ${name} should be put back, and is not in ${backupsFolder(dataDir)}. Put it there, or delete ${wishFile(dataDir)}.`
    )
  const file = join(dataDir, 'flotilla.db')
  if (existsSync(file)) keepPresent(file, backupFile(dataDir, 'before-restore', now))
  for (const log of ['-wal', '-shm']) rmSync(file + log, { force: true })
  replaceFile(file, draft => copyFileSync(copy.path, draft))
  wishRestore(dataDir, null)
  return name
}

/** The write-ahead log is part of what was stored. A database that cannot be opened is kept as it lies there. */
function keepPresent(file: string, copy: string): void {
  try {
    const db = new Sqlite(file)
    try {
      db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      db.close()
    }
  } catch {
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
  }
  copyFileSync(file, copy)
}

/** Appears whole or not at all. */
function replaceFile(file: string, write: (draft: string) => void): void {
  const draft = `${file}.new`
  rmSync(draft, { force: true })
  write(draft)
  const handle = openSync(draft, 'r+')
  fsyncSync(handle)
  closeSync(handle)
  renameSync(draft, file)
}
