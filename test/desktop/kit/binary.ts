import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installedElectron } from '../../../scripts/electron-binary.ts'

const root = join(import.meta.dirname, '../../..')
const standIn = join(root, 'test/desktop/stand-in/electron')

/** What the specs drive: the real Electron of node_modules where it is, else its stand-in on Chromium. */
export interface Binary {
  path: string
  real: boolean
  /** For reports. */
  words: string
}

export function findBinary(): Binary {
  // The fuses of a packaged Electron let nobody drive it.
  if (packedFolder !== null) return { path: standIn, real: false, words: 'the stand-in of Electron, with packed code' }
  const path = installedElectron()
  if (path === undefined || path === standIn)
    return { path: standIn, real: false, words: 'the stand-in of Electron, on Chromium' }
  const version = join(path, '../version')
  const name = existsSync(version) ? readFileSync(version, 'utf8').trim() : 'of unknown version'
  return { path, real: true, words: `Electron ${name}` }
}

export const appFolder = root

/** The packaged app with its archive unpacked, while the specs of project `packed` run. */
export const packedFolder = process.env.FLOTILLA_DESKTOP_PACKED ? join(root, '.cache/package/unpacked') : null
