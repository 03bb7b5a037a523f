import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from './config.ts'
import { Engines } from './containers/engines.ts'
import { systemClock } from './domain/clock.ts'
import type { Domain } from './domain/domain.ts'
import { tellOfEngine } from './domain/runners/engines.ts'
import { rememberOfRunners } from './domain/runners/remembered.ts'
import { credentialsOf, type FaceMarks } from './http/face.ts'
import type { Log } from './http/log.ts'
import { createBus } from './realtime/bus.ts'
import { known } from './runner/known.ts'
import { readDataKey } from './store/data-folder.ts'
import { openStore } from './store/store.ts'
import { createVault, keyBytes } from './vault/vault.ts'
import { createPasswordThread } from './worker/password-thread.ts'

export type DomainOverrides = Partial<Pick<Domain, 'clock' | 'newId' | 'undoMs'>>

interface Setting {
  log: Log
  faces: readonly FaceMarks[]
  overrides: DomainOverrides
}

/** The rules with all that they need from the outside, and what of it has a beginning and an end. */
export function openDomain(config: Config, setting: Setting): { domain: Domain; engines: Engines } {
  const rest = openRest(config, setting)
  const engines = new Engines(
    config.engines,
    join(config.outDir, 'server'),
    (op, id) => void tellOfEngine(domain, op, id)
  )
  const domain: Domain = { ...rest, engines }
  return { domain, engines }
}

function openRest(config: Config, { log, faces, overrides }: Setting): Omit<Domain, 'engines'> {
  const vault = createVault(config.dataKey ?? readDataKey(config.dataDir, keyBytes))
  const { clock = systemClock, newId = uuidv7, undoMs = 5000 } = overrides
  const onError = (error: unknown) => log.error('the upkeep of the store failed', error)
  const workers = join(config.outDir, 'server')
  return {
    store: openStore(config.dataDir, { workers, search: config.search, vault, clock, onError }),
    bus: createBus(),
    ...rememberOfRunners(clock),
    vault,
    passwords: createPasswordThread(workers),
    clock,
    newId,
    undoMs,
    ...known,
    ...credentialsOf(faces),
    resolveFolder: path => (existsSync(path) ? realpathSync(path) : null),
    actor: null,
    sight: 'everything'
  }
}
