import type { IncomingMessage } from 'node:http'
import type { Client } from '../../domain/people/logins.ts'
import { clientAddress } from './actor.ts'

const longestName = 200

/** Where a request comes from, as far as it can be told. */
export function clientOf(request: IncomingMessage): Client {
  return {
    ip: clientAddress(request) ?? '',
    name: (request.headers['user-agent'] ?? '').slice(0, longestName)
  }
}
