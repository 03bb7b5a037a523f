import type { IncomingMessage } from 'node:http'
import { AppError } from '#contract/errors'
import { type Config, inUrl, isWildcard } from '../config.ts'
import { isSealed, plainAddress } from './connection.ts'

/**
 * A page of another site must not reach a server on this machine, by whatever name it found it: the Host must be one of
 * ours to the letter, and a browser's word on where a request comes from must be ours too.
 */
export function checkOrigin(config: Config, request: IncomingMessage): void {
  requireOneHost(request)
  const own = ownNames(config, doorOf(config, request))
  const host = request.headers.host?.toLowerCase() ?? ''
  if (!own.hosts.has(host))
    throw new AppError('MISDIRECTED', `This control plane does not answer to the name "${host.slice(0, 200)}"`)
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined && !own.origins.has(origin.toLowerCase()))
    throw new AppError('CROSS_SITE', 'The request comes from a page of another site')
  // A navigation by link is cross-site too, but it only ever reads pages; scripts and forms are the danger.
  const navigation = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate'
  if (origin === undefined && site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation)
    throw new AppError('CROSS_SITE', 'The request comes from a page of another site')
}

/** Node keeps the first of two, a proxy ahead of us may have looked at the other. */
function requireOneHost({ rawHeaders }: IncomingMessage): void {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1) throw new AppError('INVALID_REQUEST', `Host: there are ${hosts.length} of them`)
}

interface OwnNames {
  /** As a Host header has them. */
  hosts: ReadonlySet<string>
  origins: ReadonlySet<string>
}

/** By which of our addresses a request came. */
interface Door {
  scheme: Scheme
  address: string
  port: number
}

/** Where we listen at all of them, the address that a connection came to is a name too: nobody can make it lead elsewhere. */
function doorOf({ host }: Config, { socket }: IncomingMessage): Door {
  const { localAddress = '127.0.0.1', localPort = 0 } = socket
  const address = isWildcard(host) ? plainAddress(localAddress) : host
  return { scheme: isSealed({ socket }) ? 'https' : 'http', address, port: localPort }
}

const cache = new WeakMap<Config, Map<string, OwnNames>>()

function ownNames(config: Config, door: Door): OwnNames {
  const byDoor = cache.get(config) ?? new Map<string, OwnNames>()
  cache.set(config, byDoor)
  const { scheme, address, port } = door
  const key = `${scheme} ${address} ${port}`
  const known = byDoor.get(key)
  if (known) return known
  const local = [...new Set(['localhost', '127.0.0.1', '[::1]', inUrl(address)])].flatMap(name =>
    authorities(scheme, name, port)
  )
  const given = config.hostNames.flatMap(name => givenAuthorities(name, port))
  const all = [...local, ...given]
  const names = {
    hosts: new Set(all.map(({ host }) => host)),
    origins: new Set([
      ...all.map(one => `${one.scheme}://${one.host}`),
      ...(config.devOrigin ? [config.devOrigin] : [])
    ])
  }
  byDoor.set(key, names)
  return names
}

type Scheme = 'http' | 'https'

interface Authority {
  scheme: Scheme
  /** Without the port where it is that of the scheme, as clients write it; some write it all the same. */
  host: string
}

const usualPort: Record<Scheme, number> = { http: 80, https: 443 }

function authorities(scheme: Scheme, name: string, port: number): Authority[] {
  const full = { scheme, host: `${name}:${port}` }
  return port === usualPort[scheme] ? [full, { scheme, host: name }] : [full]
}

/**
 * A further name is reached here, or at a proxy in front, where TLS may end: on the usual ports of both schemes; one that
 * names its port, on that alone.
 */
function givenAuthorities(given: string, port: number): Authority[] {
  const [, name = given, own] = /^(.*?)(?::(\d+))?$/.exec(given) ?? []
  const schemes: Scheme[] = ['http', 'https']
  return schemes.flatMap(scheme =>
    (own === undefined ? [port, usualPort[scheme]] : [Number(own)]).flatMap(at => authorities(scheme, name, at))
  )
}
