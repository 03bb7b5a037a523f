import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '#contract/runners/engines'
import { type EngineAddress, parseAddress, shownAddress, type TlsFiles } from './address.ts'
import { currentContext, readContexts, tlsFiles } from './contexts.ts'
import { EngineFault, faultOf } from './fault.ts'

/** What the environment says of engines; as the `docker` command reads it. */
export interface EngineSettings {
  platform: NodeJS.Platform
  home: string
  /** `XDG_RUNTIME_DIR` */
  runtimeDir: string | null
  /** `DOCKER_HOST` */
  host: string | null
  /** `DOCKER_CONTEXT` */
  context: string | null
  /** `DOCKER_CONFIG`, else `~/.docker` */
  configDir: string
  /** `DOCKER_TLS_VERIFY` is set. */
  tls: boolean
  /** `DOCKER_CERT_PATH`, else the folder of the command's configuration. */
  certDir: string
}

/** An engine that is, or should be, somewhere. */
export interface Candidate {
  id: string
  name: string
  isDefault: boolean
  foundBy: Engine['foundBy']
  /** For people. */
  address: string
  /** Where it answers, or why that cannot be known. */
  at: EngineAddress | EngineFault
}

/** Engines that are watched at a time. */
const most = 8

/**
 * The engine that the `docker` command would use comes first, wherever it is and whether it is there or not. Then all others
 * whose socket lies on this computer; nothing but what its user chose is ever called over a network. With `DOCKER_HOST`
 * there is only that one.
 */
export function findEngines(settings: EngineSettings): Candidate[] {
  const { host, tls, certDir } = settings
  if (host) return [candidate('DOCKER_HOST', 'DOCKER_HOST', host, tls ? tlsFiles(certDir) : null, true)]
  const contexts = readContexts(settings.configDir)
  const current = settings.context || currentContext(settings.configDir)
  const [usual, ...others] = sockets(settings)
  const first = current === null || current === 'default' ? ofSocket(usual, true) : ofContext(current, contexts)
  const further = [
    ...contexts.map(({ name, address, tls: own }) => candidate('context', name, address, own, false)),
    ...[usual, ...others].map(socket => ofSocket(socket, false))
  ].filter(isHere)
  return distinct([first, ...further]).slice(0, most)
}

function ofContext(name: string, contexts: ReturnType<typeof readContexts>): Candidate {
  const context = contexts.find(one => one.name === name)
  if (context) return candidate('context', name, context.address, context.tls, true)
  const at = new EngineFault('NO_CONTEXT', name)
  return { id: idOf(`context ${name}`), name, isDefault: true, foundBy: 'context', address: '', at }
}

function ofSocket({ name, address }: Socket, isDefault: boolean): Candidate {
  return candidate('socket', name, address, null, isDefault)
}

function candidate(
  foundBy: Engine['foundBy'],
  name: string,
  address: string,
  tls: TlsFiles | null,
  isDefault: boolean
): Candidate {
  return { id: idOf(address), name, isDefault, foundBy, address: shownAddress(address), at: placeOf(address, tls) }
}

function placeOf(address: string, tls: TlsFiles | null): Candidate['at'] {
  try {
    return parseAddress(address, tls)
  } catch (error) {
    return faultOf(error)
  }
}

function idOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 12)
}

function isHere({ at }: Candidate): boolean {
  return !(at instanceof EngineFault) && at.kind === 'socket' && existsSync(at.path)
}

/** The same socket under several names is one engine. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>()
  return candidates.filter(one => {
    const where = whereOf(one)
    return !seen.has(where) && seen.add(where)
  })
}

function whereOf({ at, id }: Candidate): string {
  if (at instanceof EngineFault) return id
  return at.kind === 'tcp' ? `${at.host}:${at.port}` : realOf(at.path)
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

interface Socket {
  name: string
  address: string
}

/** Where engines usually answer, that of the `docker` command first. */
function sockets({ platform, home, runtimeDir }: EngineSettings): [Socket, ...Socket[]] {
  const unix = (name: string, path: string) => ({ name, address: `unix://${path}` })
  const pipe = (name: string, pipeName: string) => ({ name, address: `npipe:////./pipe/${pipeName}` })
  const usual = unix('local', '/var/run/docker.sock')
  switch (platform) {
    case 'win32':
      return [pipe('local', 'docker_engine'), pipe('podman', 'podman-machine-default')]
    case 'darwin':
      return [
        usual,
        unix('desktop', join(home, '.docker/run/docker.sock')),
        unix('orbstack', join(home, '.orbstack/run/docker.sock')),
        unix('colima', join(home, '.colima/default/docker.sock')),
        unix('rancher-desktop', join(home, '.rd/docker.sock')),
        unix('podman', join(home, '.local/share/containers/podman/machine/podman.sock'))
      ]
    default:
      return [
        usual,
        unix('desktop', join(home, '.docker/desktop/docker.sock')),
        ...(runtimeDir
          ? [unix('rootless', join(runtimeDir, 'docker.sock')), unix('podman', join(runtimeDir, 'podman/podman.sock'))]
          : []),
        unix('podman-root', '/run/podman/podman.sock')
      ]
  }
}
