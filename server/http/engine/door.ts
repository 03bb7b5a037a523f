import type { IncomingMessage } from 'node:http'
import type { Endpoint } from '#contract/endpoint'
import type { Allowance } from '#contract/errors'
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

const allowances = new WeakMap<IncomingMessage, Allowance>()

/** What was left to the caller when it was let in. */
export function allowanceOf(request: IncomingMessage): Allowance | undefined {
  return allowances.get(request)
}

export function doorOf(context: Context, face: Face, { path, scope }: Pick<Endpoint, 'path' | 'scope'>): Door {
  const limits = face.limits.filter(({ under }) => under === undefined || path.startsWith(under))
  const ofAddress = limits.filter(({ by }) => by === 'address')
  const ofCredential = scope === 'runner' ? [] : limits.filter(({ by }) => by === 'credential')
  return async request => {
    context.limiter.take(ofAddress, clientAddress(request) ?? '')
    const principal = await authorize(context, request, { scope })
    if (principal === null) return null
    const counted = ofCredential.filter(({ spares = [] }) => !spares.includes(principal.kind))
    const allowance = context.limiter.take(counted, principal.id)
    if (allowance) allowances.set(request, allowance)
    return principal
  }
}
