import type { IncomingMessage } from 'node:http'
import type { Endpoint, Scope } from '#contract/endpoint'
import { AppError } from '#contract/errors'
import { type Domain, holds, isWhole, type Principal } from '../../domain/domain.ts'
import { principalOfKey } from '../../domain/people/keys.ts'
import { principalNow } from '../../domain/people/standing.ts'
import type { Context } from '../context.ts'

const unauthorized = () => new AppError('UNAUTHORIZED', 'Authentication required')

/** Who calls, or null. A credential that is there but wrong is an error, never a visitor. */
async function authenticate(context: Context, request: IncomingMessage): Promise<Principal | null> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer (\S{1,2000})$/i.exec(authorization)?.[1]
    const principal = token === undefined ? null : await principalOfBearer(context, token)
    if (!principal) throw unauthorized()
    return principal
  }
  // A path or another program may have set one of our name as well: the good one counts, whichever comes first.
  for (const secret of cookieSecrets(context, request)) {
    const principal = context.waysIn.principalOfCookie(secret)
    if (principal) return principal
  }
  return null
}

async function principalOfBearer(context: Context, token: string): Promise<Principal | null> {
  return (await context.waysIn.principalOfToken(token)) ?? principalOfKey(context.domain, token)
}

/** Cookies of our name that are looked at. */
const maxCookies = 8

function cookieSecrets(context: Context, request: IncomingMessage): string[] {
  const own = context.cookies.nameFor(request)
  return (request.headers.cookie ?? '')
    .split(';')
    .map(part => part.trim().split('='))
    .flatMap(([name, value]) => (name === own && value ? [value] : []))
    .slice(0, maxCookies)
}

/** The caller of an endpoint, when its scopes reach it. Throws UNAUTHORIZED or FORBIDDEN. */
export async function authorize(
  context: Context,
  request: IncomingMessage,
  { scope }: Pick<Endpoint, 'scope'>
): Promise<Principal | null> {
  if (scope === 'public') return null
  const principal = await authenticate(context, request)
  if (!principal) throw unauthorized()
  if (!reaches(principal, scope)) throw new AppError('FORBIDDEN', refusal(principal, scope))
  return principal
}

/**
 * The caller as it is by now: asked after a wait and inside of a write, where what was let in at the door takes effect.
 * Throws UNAUTHORIZED or FORBIDDEN.
 */
export function requireStanding(domain: Domain, principal: Principal, { scope }: Pick<Endpoint, 'scope'>): Principal {
  if (scope === 'public') return principal
  const now = principalNow(domain, principal)
  if (!now) throw new AppError('UNAUTHORIZED', 'The credential ended meanwhile')
  if (!reaches(now, scope)) throw new AppError('FORBIDDEN', refusal(now, scope))
  return now
}

function reaches(principal: Principal, scope: Exclude<Scope, 'public'>): boolean {
  return scope === 'self' ? isWhole(principal) : holds(principal, scope)
}

function refusal({ scopes }: Principal, scope: Scope): string {
  const have = scopes.length > 0 ? scopes.join(', ') : 'none'
  return scope === 'self'
    ? `This is for the person, not for a key that is limited to ${have}`
    : `This needs the scope "${scope}"; there is ${have}`
}
