import { EngineFault } from './fault.ts'

/** Where an engine answers. A named pipe of Windows is a `socket`, too. */
export type EngineAddress =
  | { kind: 'socket'; path: string }
  | { kind: 'tcp'; host: string; port: number; tls: TlsFiles | null }

/** PEM files by which both sides are known. */
export interface TlsFiles {
  ca: string
  cert: string
  key: string
}

const plainPort = 2375
const tlsPort = 2376

/**
 * An address as `DOCKER_HOST` has it: `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:port`. Throws
 * EngineFault with BAD_ADDRESS or NOT_SUPPORTED.
 */
export function parseAddress(text: string, tls: TlsFiles | null): EngineAddress {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text.trim()) ?? []
  switch (scheme) {
    case 'unix':
      if (!rest.startsWith('/')) throw new EngineFault('BAD_ADDRESS', 'behind unix:// comes an absolute path')
      return { kind: 'socket', path: rest }
    case 'npipe':
      if (!rest.startsWith('//./pipe/'))
        throw new EngineFault('BAD_ADDRESS', 'behind npipe:// comes //./pipe/ and a name')
      return { kind: 'socket', path: rest }
    case 'tcp':
    case 'http':
    case 'https':
      return overTcp(scheme, rest, tls)
    case 'ssh':
      throw new EngineFault('NOT_SUPPORTED')
    default:
      throw new EngineFault('BAD_ADDRESS', `${scheme}:// is not known; there is unix, npipe, tcp and https`)
  }
}

function overTcp(scheme: string, rest: string, tls: TlsFiles | null): EngineAddress {
  const url = URL.parse(`http://${rest}`)
  if (url === null || url.hostname === '' || url.pathname !== '/' || url.search !== '')
    throw new EngineFault('BAD_ADDRESS', 'it should read tcp://host:port')
  if (url.username !== '' || url.password !== '')
    throw new EngineFault('BAD_ADDRESS', 'an engine knows its callers by certificates, not by a name before the @')
  if (scheme === 'https' && tls === null)
    throw new EngineFault('BAD_ADDRESS', 'for https set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  // URL drops the usual port of its scheme.
  const written = /:(\d+)\/?$/.exec(rest)?.[1]
  return { kind: 'tcp', host, port: Number(written ?? (tls ? tlsPort : plainPort)), tls }
}

/** An address for people and logs: nobody's name or password is in it. */
export function shownAddress(text: string): string {
  return text
    .trim()
    .replace(/^([a-z]+:\/\/)?[^/]*@/, '$1')
    .slice(0, 300)
}
