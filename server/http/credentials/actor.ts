import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import type { Actor } from '#contract/audit/audit'
import type { Endpoint } from '#contract/endpoint'
import { type Domain, nobody, type Principal } from '../../domain/domain.ts'
import { plainAddress } from '../connection.ts'

/** Who is written down for what a request changes. A runner acts for itself, whatever key it shows. */
export function actorOf(
  { store }: Domain,
  endpoint: Endpoint,
  principal: Principal,
  request: Request,
  body: unknown
): Actor {
  const ip = clientAddress(request)
  const via = `${endpoint.method} ${request.baseUrl}${endpoint.path}`
  if (principal === nobody) return visitor(request, via)
  if (endpoint.scope !== 'runner') return { kind: principal.kind, id: principal.id, name: principal.name, ip, via }
  const { runnerId, identity, name } = body as { runnerId?: string; identity?: string; name?: string }
  const id = runnerId ?? identity ?? principal.id
  return { kind: 'runner', id, name: name ?? store.runners.byId(id)?.name ?? id, ip, via }
}

/** Somebody who has yet to say who it is. */
export function visitor(request: Request, via: string): Actor {
  return { kind: 'visitor', id: 'visitor', name: 'visitor', ip: clientAddress(request), via }
}

export function clientAddress(request: IncomingMessage): string | null {
  const { remoteAddress } = request.socket
  return remoteAddress === undefined ? null : plainAddress(remoteAddress)
}
