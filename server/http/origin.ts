import type { IncomingMessage } from 'node:http'
import { AppError } from '#contract/errors'
import type { Config } from '../config.ts'

/**
 * A page of another site must not reach a server on this machine, by whatever name it found it: the Host must be one of
 * ours to the letter, and a browser's word on where a request comes from must be ours too.
 */
export function checkOrigin(config: Config, port: number, request: IncomingMessage): void {
  requireOneHost(request)
  const own = ownNames(config, port)
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

const cache = new WeakMap<Config, Map<number, OwnNames>>()

function ownNames(config: Config, port: number): OwnNames {
  const byPort = cache.get(config) ?? new Map<number, OwnNames>()
  cache.set(config, byPort)
  const known = byPort.get(port)
  if (known) return known
  const scheme = config.tls ? 'https' : 'http'
  const local = [...localNames(config)].flatMap(name => authorities(scheme, name, port))
  const given = config.hostNames.flatMap(name => givenAuthorities(name, port))
  const all = [...local, ...given]
  const names = {
    hosts: new Set(all.map(({ host }) => host)),
    origins: new Set([
      ...all.map(one => `${one.scheme}://${one.host}`),
      ...(config.devOrigin ? [config.devOrigin] : [])
    ])
  }
  byPort.set(port, names)
  return names
}

function localNames({ host }: Config): Set<string> {
  const names = new Set(['localhost', '127.0.0.1', '[::1]'])
  if (host !== '0.0.0.0' && host !== '::') names.add(host.includes(':') ? `[${host}]` : host)
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
