import type { IncomingMessage } from 'node:http'
import { AppError } from '#contract/errors'
import type { Config } from '../config.ts'

/**
 * A page of another site must not reach a server on this machine, by whatever name it found it: the Host must be one of
 * ours to the letter, and a browser's word on where a request comes from must be ours too.
 */
export function checkOrigin(config: Config, port: number, request: IncomingMessage): void {
  const hosts = ownHosts(config, port)
  const host = request.headers.host?.toLowerCase() ?? ''
  if (!hosts.has(host))
    throw new AppError('MISDIRECTED', `This control plane does not answer to the name "${host.slice(0, 200)}"`)
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined && !isOwnOrigin(config, hosts, origin))
    throw new AppError('CROSS_SITE', 'The request comes from a page of another site')
  // A navigation by link is cross-site too, but it only ever reads pages; scripts and forms are the danger.
  const navigation = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate'
  if (origin === undefined && site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation)
    throw new AppError('CROSS_SITE', 'The request comes from a page of another site')
}

function isOwnOrigin(config: Config, hosts: ReadonlySet<string>, origin: string): boolean {
  if (origin === config.devOrigin) return true
  const scheme = config.tls ? 'https://' : 'http://'
  return origin.startsWith(scheme) && hosts.has(origin.slice(scheme.length).toLowerCase())
}

const cache = new WeakMap<Config, Map<number, ReadonlySet<string>>>()

function ownHosts(config: Config, port: number): ReadonlySet<string> {
  const byPort = cache.get(config) ?? new Map<number, ReadonlySet<string>>()
  cache.set(config, byPort)
  const known = byPort.get(port)
  if (known) return known
  const names = ['localhost', '127.0.0.1', '[::1]', ...config.hostNames.map(name => name.toLowerCase())]
  if (config.host !== '0.0.0.0' && config.host !== '::')
    names.push(config.host.includes(':') ? `[${config.host}]` : config.host)
  const bare = port === (config.tls ? 443 : 80) ? names : []
  const hosts = new Set([...names.map(name => `${name}:${port}`), ...bare])
  byPort.set(port, hosts)
  return hosts
}
