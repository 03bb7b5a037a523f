import { randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import type { Certificate } from './certificate/certificate.ts'
import { openCertificate } from './certificate/open-certificate.ts'
import type { Config } from './config.ts'
import { announced, dialects } from './dialects/index.ts'
import { duties } from './domain/duties.ts'
import { createWaysIn } from './domain/people/logins.ts'
import { takeUp } from './domain/runners/leases.ts'
import { windDown } from './domain/shutdown.ts'
import { createContext } from './http/context.ts'
import type { Face } from './http/face.ts'
import { closeServer, listen } from './http/listen.ts'
import { openLog } from './http/log.ts'
import { native } from './http/native/index.ts'
import { createServer } from './http/server.ts'
import { type DomainOverrides, openDomain } from './open-domain.ts'
import { keepBuiltinRunner } from './runner/life/builtin.ts'
import { startScheduler } from './scheduler/scheduler.ts'
import {
  lockDataFolder,
  prepareDataFolder,
  removeControlPlaneFile,
  writeControlPlaneFile
} from './store/data-folder.ts'

export interface ControlPlane {
  /** Where it answers, without a trailing slash. */
  url: string
  /** How other computers reach it, the likeliest first; none: they cannot. */
  addresses(): string[]
  /** Admin token for tools on this machine; new at every start. */
  ownerToken: string
  /** A link that signs one browser in, once. */
  loginLink(): string
  /** Ends it cleanly: answers what runs, writes what waits. Runners stay unless `stopAgents`. */
  close(options?: { stopAgents?: boolean }): Promise<void>
}

/** What tests put in the place of the real thing. */
export interface Overrides extends DomainOverrides {
  dialects?: readonly Face[]
}

/** The composition root. Throws ConfigError or DataFolderError with one readable line. */
export async function startControlPlane(config: Config, overrides: Overrides = {}): Promise<ControlPlane> {
  prepareDataFolder(config.dataDir)
  const lock = lockDataFolder(config.dataDir)
  try {
    return await compose(config, { ...overrides, certificate: await openCertificate(config) }, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

type Parts = Overrides & { certificate: Certificate | null }

async function compose(config: Config, overrides: Parts, unlock: () => void): Promise<ControlPlane> {
  const log = openLog(config.dataDir)
  const faces = [native, ...(overrides.dialects ?? dialects)]
  const { domain, engines } = openDomain(config, { log, faces: [...faces, ...announced], overrides })
  const { store } = domain
  const waysIn = createWaysIn(domain)
  const instanceId = await store.writer.write(() => store.settings.getOrSet('instanceId', randomUUID()))
  await store.writer.write(() => takeUp(domain))

  const stopping = new AbortController()
  let leaving: 'no' | 'when-idle' | 'stop-agents' = 'no'
  let url = ''
  const lasting = { config, certificate: overrides.certificate, domain, waysIn, faces, log, instanceId }
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
  const onError = (error: unknown) => log.error('the built-in runner did not start', error)
  const allowedDirs = config.allowedDirs ?? [homedir()]
  const releaseRunner = config.startRunner ? keepBuiltinRunner({ ...config, allowedDirs, onError }) : () => {}

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
    addresses: context.addresses,
    ownerToken,
    loginLink: () => `${url}/?token=${waysIn.newLoginLink().token}`,
    close: options => (closed ??= close(options))
  }
}
