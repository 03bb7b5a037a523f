import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '../connection/connection.ts'
import type { HeldRuns } from '../execution/held-runs.ts'
import { Life } from './life.ts'
import { becomeInstance, type Instance, watchInstance } from './single-instance.ts'

export interface Company {
  runs: HeldRuns
  connection: Connection
}

export interface DrainedLivesOptions {
  dataDir: string
  identity: string
  self: Instance
  /** Makes what speaks for another identity to the control plane. */
  compose(life: Life): Company
  stopped: AbortSignal
  onError(error: unknown): void
}

/** Looks after former runners of this data folder that drain: what one leaves that is killed is told in its name. */
export function watchDrainedLives(options: DrainedLivesOptions): void {
  const others = Life.others(options.dataDir, options.identity)
  for (const identity of others) outlive(identity, options).catch(options.onError)
}

async function outlive(identity: string, options: DrainedLivesOptions): Promise<void> {
  const { dataDir, self, stopped } = options
  while (!stopped.aborted && existsSync(join(dataDir, 'spool', identity))) {
    const lock = await becomeInstance(dataDir, self, { name: identity })
    if (lock === null) await gone(dataDir, identity, stopped)
    else {
      await speakFor(identity, options)
      lock.release()
      return
    }
  }
}

async function gone(dataDir: string, identity: string, stopped: AbortSignal): Promise<void> {
  const living = await watchInstance(dataDir, identity)
  if (living === null) return
  stopped.addEventListener('abort', living.release, { once: true })
  if (stopped.aborted) living.release()
  await living.gone
  stopped.removeEventListener('abort', living.release)
}

async function speakFor(identity: string, { dataDir, identity: home, compose, stopped }: DrainedLivesOptions) {
  const life = new Life(dataDir, identity, home)
  const { runs, connection } = compose(life)
  await runs.takeOver()
  stopped.addEventListener('abort', () => connection.leave(), { once: true })
  if (stopped.aborted) connection.leave()
  await connection.hold()
  if (stopped.aborted || runs.size > 0) return
  await connection.farewell()
  life.end()
}
