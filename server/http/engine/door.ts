import type { IncomingMessage } from 'node:http'
import type { Endpoint } from '#contract/endpoint'
import type { Principal } from '../../domain/domain.ts'
import type { Context } from '../context.ts'
import { clientAddress } from '../credentials/actor.ts'
import { authorize } from '../credentials/authenticate.ts'
import type { Face } from '../face.ts'

/**
 * Lets a caller in at a path of a face, whatever is spoken there: within the limits of the face, with a credential that
 * reaches it. Null: a visitor, where the path is public. Throws RateLimited, UNAUTHORIZED or FORBIDDEN.
 */
export type Door = (request: IncomingMessage) => Promise<Principal | null>

export function doorOf(context: Context, face: Face, { path, scope }: Pick<Endpoint, 'path' | 'scope'>): Door {
  const limits = face.limits.filter(({ under }) => under === undefined || path.startsWith(under))
  const ofAddress = limits.filter(({ by }) => by === 'address')
  const ofCredential = scope === 'runner' ? [] : limits.filter(({ by }) => by === 'credential')
  return async request => {
    context.limiter.take(ofAddress, clientAddress(request) ?? '')
    const principal = await authorize(context, request, { scope })
    if (principal)
      context.limiter.take(
        ofCredential.filter(({ spares = [] }) => !spares.includes(principal.kind)),
        principal.id
      )
    return principal
  }
}
