import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeWhole } from '../../whole-file.ts'
import { type LivingInstance, watchInstance } from './single-instance.ts'

export interface BuiltinOptions {
  dataDir: string
  /** One of another version is asked to finish what it has, and another one takes its place at once. */
  version: string
  /** The Node that runs it; it outlives this process. */
  nodePath: string
  runnerFile: string
  /** Absolute folders it may work in. */
  allowedDirs: readonly string[]
  onError(error: unknown): void
}

/** A runner that lived this long did not fail at its start. */
const settledMs = 10_000
const firstPauseMs = 100
const longestPauseMs = 30_000
const longestLogBytes = 5 * 1024 * 1024

/**
 * Makes sure that a runner of a data folder lives: one of our version is adopted, else one is started that outlives this
 * process. When it dies, another one takes its place. It reads where we are from `control-plane.json`, and its folders
 * from the settings written here. Returns the function that leaves it to itself.
 */
export function keepBuiltinRunner(options: BuiltinOptions): () => void {
  const released = new AbortController()
  void keep(options, released.signal)
  return () => released.abort()
}

async function keep(options: BuiltinOptions, released: AbortSignal): Promise<void> {
  const { dataDir, version, allowedDirs, onError } = options
  for (let deaths = 0; !released.aborted; deaths++) {
    const since = performance.now()
    try {
      writeWhole(join(dataDir, 'runner-settings.json'), JSON.stringify({ allowedDirs }))
      const living = (await watchInstance(dataDir, undefined, version)) ?? (await start(options))
      released.addEventListener('abort', living.release, { once: true })
      if (released.aborted) living.release()
      await living.gone
      released.removeEventListener('abort', living.release)
    } catch (error) {
      onError(error)
    }
    if (performance.now() - since > settledMs) deaths = 0
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(deaths, 10))
    await sleep(pauseMs, null, { signal: released }).catch(() => {})
  }
}

async function start({ dataDir, nodePath, runnerFile }: BuiltinOptions): Promise<LivingInstance> {
  const log = openLog(dataDir)
  const child = spawn(nodePath, [runnerFile, '--data-dir', dataDir], {
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true
  })
  closeSync(log)
  const gone = Promise.withResolvers<void>()
  child.once('exit', () => gone.resolve())
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  child.unref()
  return { gone: gone.promise, release: gone.resolve }
}

function openLog(dataDir: string): number {
  const folder = join(dataDir, 'logs')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'runner.log')
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > longestLogBytes) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
