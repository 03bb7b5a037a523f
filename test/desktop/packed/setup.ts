import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { extractAll } from '@electron/asar'

const root = join(import.meta.dirname, '../../..')
const unpacked = join(root, '.cache/package/unpacked')

/** Packs the app as its users get it, on a stub of Electron, and unpacks its archive for the stand-in, which reads none. */
export function setup(): void {
  execFileSync(process.execPath, [join(root, 'scripts/package.ts'), '--stub', '--linux', 'dir'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  rmSync(unpacked, { recursive: true, force: true })
  const resources = join(root, 'release/linux-unpacked/resources')
  extractAll(join(resources, 'app.asar'), join(unpacked, 'resources/app'))
  symlinkSync(join(resources, 'runtime'), join(unpacked, 'resources/runtime'))
}
