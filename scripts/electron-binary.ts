import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const electronPackage = join(dirname(import.meta.dirname), 'node_modules', 'electron')

/** Asking whether the download host answers is all the waiting that a machine without a network has to do. */
const reachableMs = 2500
const downloadMs = 180_000

/** Where the Electron executable lies; a sentence why not otherwise. */
export type ElectronBinary = { path: string } | { missing: string }

/**
 * Finds the executable by the rule of the electron package. That package is not imported: in plain Node the import
 * itself starts a download without a limit and throws when it fails.
 */
export async function findElectron(packageFolder = electronPackage): Promise<ElectronBinary> {
  if (!existsSync(packageFolder)) return { missing: 'the electron package is not installed' }
  const installed = installedElectron(packageFolder)
  if (installed) return { path: installed }
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return { missing: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' }
  if (!(await downloadHostAnswers())) {
    return { missing: 'Electron is not on this machine yet and its download host cannot be reached' }
  }
  console.log('Downloading Electron, once …')
  spawnSync(process.execPath, [join(packageFolder, 'install.js')], { stdio: 'inherit', timeout: downloadMs })
  const downloaded = installedElectron(packageFolder)
  return downloaded ? { path: downloaded } : { missing: 'Electron could not be downloaded' }
}

export function installedElectron(packageFolder = electronPackage): string | undefined {
  const pathFile = join(packageFolder, 'path.txt')
  const executable = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const path = override
    ? join(override, executable ?? 'electron')
    : executable && join(packageFolder, 'dist', executable)
  return path && existsSync(path) ? path : undefined
}

async function downloadHostAnswers(): Promise<boolean> {
  // Behind a proxy only the installer knows the way.
  if (process.env.ELECTRON_GET_USE_PROXY) return true
  const host = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com'
  try {
    await fetch(host, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(reachableMs) })
    return true
  } catch {
    return false
  }
}
