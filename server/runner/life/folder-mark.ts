import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'

/**
 * Names a data folder for the processes that are started from it. A folder that is moved keeps its name; a copy gets
 * another, though all that stands in it is the same.
 */
export function folderMark(dataDir: string): string {
  const { dev, ino } = statSync(dataDir, { bigint: true })
  return createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 16)
}
