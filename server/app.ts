import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from './config.ts'
import { Engines, type Tell } from './containers/engines.ts'
import { announced, dialects } from './dialects/index.ts'
import { systemClock } from './domain/clock.ts'
import type { Domain } from './domain/domain.ts'
import { duties } from './domain/duties.ts'
import { createWaysIn } from './domain/people/logins.ts'
import { tellOfEngine } from './domain/runners/engines.ts'
import { takeUp } from './domain/runners/leases.ts'
import { rememberOfRunners } from './domain/runners/remembered.ts'
import { windDown } from './domain/shutdown.ts'
import { createContext } from './http/context.ts'
import { credentialsOf, type Face, type FaceMarks } from './http/face.ts'
import { closeServer, listen } from './http/listen.ts'
import { type Log, openLog } from './http/log.ts'
import { native } from './http/native/index.ts'
import { createServer } from './http/server.ts'
import { createBus } from './realtime/bus.ts'
import { known } from './runner/known.ts'
import { keepBuiltinRunner } from './runner/life/builtin.ts'
import { startScheduler } from './scheduler/scheduler.ts'
import {
  lockDataFolder,
  prepareDataFolder,
  readDataKey,
  removeControlPlaneFile,
  writeControlPlaneFile
} from './store/data-folder.ts'
import { openStore } from './store/store.ts'
import { createVault, keyBytes } from './vault/vault.ts'
import { createPasswordThread } from './worker/password-thread.ts'

export interface ControlPlane {
  /** Where it answers, without a trailing slash. */
  url: string
  /** Admin token for tools on this machine; new at every start. */
  ownerToken: string
  /** A link that signs one browser in, once. */
  loginLink(): string
  /** Ends it cleanly: answers what runs, writes what waits. Runners stay unless `stopAgents`. */
  close(options?: { stopAgents?: boolean }): Promise<void>
}

/** What tests put in the place of the real thing. */
export interface Overrides extends Partial<Pick<Domain, 'clock' | 'newId' | 'undoMs'>> {
  dialects?: readonly Face[]
}

/** The composition root. Throws ConfigError or DataFolderError with one readable line. */
export async function startControlPlane(config: Config, overrides: Overrides = {}): Promise<ControlPlane> {
  prepareDataFolder(config.dataDir)
  const lock = lockDataFolder(config.dataDir)
  try {
    return await compose(config, overrides, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

type Rest = Omit<Domain, 'engines'>

function openDomain(config: Config, log: Log, faces: readonly FaceMarks[], overrides: Overrides): Rest {
  const vault = createVault(config.dataKey ?? readDataKey(config.dataDir, keyBytes))
  const { clock = systemClock, newId = uuidv7, undoMs = 5000 } = overrides
  const onError = (error: unknown) => log.error('the upkeep of the store failed', error)
  return {
    store: openStore(config.dataDir, { workers: join(config.outDir, 'server'), vault, clock, onError }),
    bus: createBus(),
    ...rememberOfRunners(clock),
    vault,
    passwords: createPasswordThread(join(config.outDir, 'server')),
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

async function compose(config: Config, overrides: Overrides, unlock: () => void): Promise<ControlPlane> {
  const log = openLog(config.dataDir)
  const faces = [native, ...(overrides.dialects ?? dialects)]
  const tell: Tell = (op, id) => void tellOfEngine(domain, op, id)
  const engines = new Engines(config.engines, join(config.outDir, 'server'), tell)
  const domain: Domain = { ...openDomain(config, log, [...faces, ...announced], overrides), engines }
  const { store } = domain
  const waysIn = createWaysIn(domain)
  const instanceId = await store.writer.write(() => store.settings.getOrSet('instanceId', randomUUID()))
  await store.writer.write(() => takeUp(domain))

  const stopping = new AbortController()
  let leaving: 'no' | 'when-idle' | 'stop-agents' = 'no'
  let url = ''
  const lasting = { config, domain, waysIn, faces, log, instanceId }
  const context = createContext({ ...lasting, url: () => url, leaving: () => leaving, stopping: stopping.signal })
  const { server, closeSockets } = createServer(context, faces, announced)
  url = await listen(server, config).catch(async error => {
    closeSockets()
    await store.close()
    throw error
  })
  const stopScheduler = startScheduler(domain, duties, error => log.error('a duty failed', error))
  const startedAt = new Date(context.startedAt).toISOString()
  const { ownerToken } = waysIn
  writeControlPlaneFile(config.dataDir, { url, pid: process.pid, version: config.version, startedAt, ownerToken })
  log.info('started', { url, version: config.version, dataDir: config.dataDir })
  engines.start()
  const releaseRunner = config.startRunner ? keepRunner(config, log) : () => {}

  let closed: Promise<void> | null = null
  async function close({ stopAgents = config.stopAgents }: { stopAgents?: boolean } = {}): Promise<void> {
    releaseRunner()
    leaving = stopAgents ? 'stop-agents' : 'when-idle'
    await windDown(domain, stopAgents)
    stopping.abort()
    stopScheduler()
    engines.close()
    closeSockets()
    removeControlPlaneFile(config.dataDir)
    await closeServer(server)
    await domain.passwords.close()
    await store.close()
    unlock()
    log.info('stopped')
  }

  return {
    url,
    ownerToken,
    loginLink: () => `${url}/?token=${waysIn.newLoginLink().token}`,
    close: options => (closed ??= close(options))
  }
}

function keepRunner(config: Config, log: Log): () => void {
  return keepBuiltinRunner({
    ...config,
    allowedDirs: config.allowedDirs ?? [homedir()],
    onError: error => log.error('the built-in runner did not start', error)
  })
}
