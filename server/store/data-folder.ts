import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { writeWhole } from '../whole-file.ts'

/** The data folder cannot be used; the message is one readable line. */
export class DataFolderError extends Error {
  override name = 'DataFolderError'
}

/** Another control plane has the folder. */
export class FolderHeldError extends DataFolderError {
  /** What it wrote about itself; null when that is not there, or not yet. */
  readonly owner: ControlPlaneFile | null
  constructor(message: string, owner: ControlPlaneFile | null) {
    super(message)
    this.owner = owner
  }
}

const controlPlaneFile = z.object({
  url: z.string(),
  pid: z.int(),
  version: z.string(),
  startedAt: z.string(),
  ownerToken: z.string()
})
export type ControlPlaneFile = z.infer<typeof controlPlaneFile>

const fileName = 'control-plane.json'

export interface FolderLock {
  release(): void
}

/** Makes the folder private to its user and checks that it can be written. */
export function prepareDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    if (!statSync(dataDir).isDirectory()) throw new Error('it is not a folder')
    accessSync(dataDir, constants.R_OK | constants.W_OK)
    const probe = join(dataDir, '.write-probe')
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw new DataFolderError(`The data folder ${dataDir} cannot be used: ${(error as Error).message}`)
  }
}

/**
 * One control plane per folder. The lock is SQLite's own file lock on a file of its own: the system lets go of it when the
 * process dies, however it dies, so there is never a stale one.
 */
export function lockDataFolder(dataDir: string): FolderLock {
  let lock: Sqlite.Database | undefined
  try {
    lock = new Sqlite(join(dataDir, 'lock'), { timeout: 0 })
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY')
      throw new DataFolderError(`The data folder ${dataDir} cannot be locked: ${(error as Error).message}`)
    const owner = readControlPlaneFile(dataDir)
    const who = owner ? `(pid ${owner.pid}) at ${owner.url}` : 'that is still starting'
    throw new FolderHeldError(`Flotilla already runs on ${dataDir} ${who}`, owner)
  }
  const held = lock
  return { release: () => held.close() }
}

/** The key that seals what is secret, made at the first start; readable by its user only. */
export function readDataKey(dataDir: string, bytes: number): Buffer {
  const file = join(dataDir, 'data.key')
  try {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
    if (key.length === bytes) return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return writeDataKey(file, bytes)
    throw new DataFolderError(`${file} cannot be read: ${(error as Error).message}`)
  }
  throw new DataFolderError(
    `${file} holds no key of ${bytes} bytes. Put it back as it was, or move it away to begin with a new one; secrets must then be set again.`
  )
}

function writeDataKey(file: string, bytes: number): Buffer {
  const key = randomBytes(bytes)
  writeWhole(file, `${key.toString('base64')}\n`)
  return key
}

/** Appears whole or not at all, readable by its user only. */
export function writeControlPlaneFile(dataDir: string, content: ControlPlaneFile): void {
  writeWhole(join(dataDir, fileName), `${JSON.stringify(content, null, 2)}\n`)
}

export function readControlPlaneFile(dataDir: string): ControlPlaneFile | null {
  try {
    return controlPlaneFile.parse(JSON.parse(readFileSync(join(dataDir, fileName), 'utf8')))
  } catch {
    return null
  }
}

export function removeControlPlaneFile(dataDir: string): void {
  rmSync(join(dataDir, fileName), { force: true })
}
