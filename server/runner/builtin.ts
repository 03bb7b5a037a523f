import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findInstance } from './single-instance.ts'

export interface BuiltinOptions {
  dataDir: string
  /** The Node that runs it; it outlives this process. */
  nodePath: string
  runnerFile: string
  /** Absolute folders it may work in. */
  allowedDirs: readonly string[]
}

const longestLogBytes = 5 * 1024 * 1024

/**
 * Makes sure that the runner of a data folder lives: one that does is adopted, else one is started that outlives this
 * process. It reads where we are from `control-plane.json`, and its folders from the settings written here.
 */
export async function startBuiltinRunner(options: BuiltinOptions): Promise<{ pid: number; adopted: boolean }> {
  const { dataDir, nodePath, runnerFile, allowedDirs } = options
  writeFileSync(join(dataDir, 'runner-settings.json'), JSON.stringify({ allowedDirs }), { mode: 0o600 })
  const living = await findInstance(dataDir)
  if (living !== null) return { pid: living.pid, adopted: true }

  const log = openLog(dataDir)
  const child = spawn(nodePath, [runnerFile, '--data-dir', dataDir], {
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true
  })
  closeSync(log)
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  child.unref()
  return { pid: child.pid ?? -1, adopted: false }
}

function openLog(dataDir: string): number {
  const folder = join(dataDir, 'logs')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'runner.log')
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > longestLogBytes) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
