import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { temporaryFolder } from './start-app.ts'

/** A disk of a few megabytes that really fills up. */
export interface SmallDisk {
  folder: string
  /** Takes all the room that is left. */
  fill(): void
  /** Gives it back. */
  free(): void
  remove(): void
}

export function smallDisk(megabytes: number): SmallDisk {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      for (let size = megabytes << 20; size >= 512; size >>= 1) {
        try {
          writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
          size <<= 1
        } catch {
          // No room for this much: try half.
        }
      }
    },
    free: () => rmSync(filler),
    remove() {
      execFileSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Vitest's `test` where file systems may be mounted. Elsewhere a skip that says why; in CI an error. */
export function needsSmallDisk(): typeof test | typeof test.skip {
  try {
    smallDisk(1).remove()
    return test
  } catch (error) {
    if (process.env.CI) throw error
    console.log('Skipping tests of a full disk: a small file system cannot be mounted here.')
    return test.skip
  }
}
