import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { type Config, isLoopback, isWildcard } from '../config.ts'

type Reached = Pick<Config, 'host' | 'hostNames'>

/** Bridges of containers and virtual machines: nobody outside of this computer gets there by them. */
const inner = /^(docker|br-|veth|virbr|lxc|podman|cni)/

/**
 * Names and addresses by which other computers reach this one, the likeliest first. None: it listens on itself only, unless
 * something in front of it leads here.
 */
export function outerNames({ host, hostNames }: Reached, interfaces = networkInterfaces()): string[] {
  const given = hostNames.filter(name => !/:\d+$/.test(name)).map(name => name.replace(/^\[(.*)\]$/, '$1'))
  if (!isWildcard(host)) return isLoopback(host) ? [] : [...new Set([...given, host])]
  const outer = Object.entries(interfaces).filter(([name]) => !inner.test(name))
  const addresses = outer.flatMap(([, infos = []]) => infos.filter(isOuter))
  const family = (wanted: string) => addresses.filter(info => info.family === wanted).map(({ address }) => address)
  return [...new Set([...given, ...family('IPv4'), ...(host === '::' ? family('IPv6') : [])])]
}

/** A link-local one means nothing without the name of an interface of the other computer. */
function isOuter({ internal, family, address }: NetworkInterfaceInfo): boolean {
  return !internal && !(family === 'IPv6' && /^fe[89ab]/i.test(address))
}

/** What a certificate for this computer is made out to. */
export function namesOf(config: Reached): string[] {
  return [...new Set(['localhost', '127.0.0.1', '::1', ...outerNames(config)])]
}
