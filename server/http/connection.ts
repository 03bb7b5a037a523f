import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { isLoopback } from '../config.ts'

/** Whether a request came over TLS. */
export function isSealed({ socket }: Pick<IncomingMessage, 'socket'>): boolean {
  return 'encrypted' in socket && socket.encrypted === true
}

/** Whether this very computer is at the other end; no packet from elsewhere arrives with an address of ours. */
export function isFromHere({ remoteAddress, localAddress }: Pick<Socket, 'remoteAddress' | 'localAddress'>): boolean {
  if (remoteAddress === undefined) return false
  return remoteAddress === localAddress || isLoopback(plainAddress(remoteAddress))
}

/** IPv4 as people write it, also where the socket listens on both. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}
