import type { Actor } from '#contract/audit/audit'
import type { Endpoint } from '#contract/endpoint'
import { AppError } from '#contract/errors'
import type { TokenFace } from '#contract/people/session'
import type { User } from '#contract/people/users'
import { auditRefusal } from '../domain/audit/audit.ts'
import { spendCode } from '../domain/people/mfa.ts'
import { beginCookie, sessionMs } from '../domain/people/sessions.ts'
import { findByPassword, getUser } from '../domain/people/users.ts'
import { clientOf } from './client.ts'
import type { Context } from './context.ts'
import { setSessionCookie } from './cookie.ts'
import { type Limit, quarterHour } from './limits.ts'
import type { Call } from './route.ts'

type LoginCall = Pick<Call<Endpoint>, 'request' | 'response' | 'actor'>

const what = 'failed logins'
/** Against guessing the password of one person, and one password of many persons. Only failures count. */
const perEmail: readonly Limit[] = [{ id: 'login-email', requests: 10, windowMs: quarterHour, by: 'address', what }]
const perAddress: readonly Limit[] = [{ id: 'login-address', requests: 30, windowMs: quarterHour, by: 'address', what }]
const perPerson: readonly Limit[] = [{ id: 'login-person', requests: 10, windowMs: quarterHour, by: 'address', what }]

export const loginLimits: readonly Limit[] = [...perEmail, ...perAddress, ...perPerson]

/** Who logged in; or, where a code must follow, the token to send it with. */
export type PasswordOutcome = { user: User; mfaToken: null } | { user: null; mfaToken: string }

/**
 * Whether an email and a password belong together: in the same time and with the same words for an unknown email, a wrong
 * password and a person without one. Throws UNAUTHORIZED or RateLimited.
 */
export async function checkPassword(
  context: Context,
  call: LoginCall,
  { email, password }: { email: string; password: string }
): Promise<PasswordOutcome> {
  const attempt = attemptOf(context, call, [
    [perAddress, call.actor.ip ?? ''],
    [perEmail, context.domain.vault.fingerprint('login', email)]
  ])
  attempt.check()
  const user = await findByPassword(context.domain, { email, password })
  // Those that were tried meanwhile count too: a burst gets no more guesses than a row of them.
  attempt.check()
  if (user === null) throw await attempt.refused('Email or password is wrong')
  if (!user.mfaEnabled) return { user, mfaToken: null }
  return { user: null, mfaToken: context.sessions.awaitingCode.make(user.id).token }
}

/** The second step. Throws UNAUTHORIZED or RateLimited. */
export async function checkCode(
  context: Context,
  call: LoginCall,
  { mfaToken, code }: { mfaToken: string; code: string }
): Promise<User> {
  const { domain, sessions } = context
  const userId = sessions.awaitingCode.peek(mfaToken)
  const attempt = attemptOf(context, call, [
    [perAddress, call.actor.ip ?? ''],
    [perPerson, userId ?? '']
  ])
  attempt.check()
  const right = userId !== null && (await domain.store.writer.write(() => spendCode(domain, userId, code), call.actor))
  // Spent here, after the wait: of two that come at once, one is served.
  if (!right || sessions.awaitingCode.spend(mfaToken) === null)
    throw await attempt.refused('The code is wrong or was used, or the login began too long ago')
  return getUser(domain, userId)
}

function attemptOf({ domain, limiter }: Context, { actor }: LoginCall, windows: [readonly Limit[], string][]) {
  return {
    check(): void {
      for (const [limits, subject] of windows) limiter.check(limits, subject)
    },
    async refused(message: string): Promise<AppError> {
      for (const [limits, subject] of windows) limiter.take(limits, subject)
      await auditRefusal(domain, actor, { action: 'session.created', noun: 'session', target: '' })
      return new AppError('UNAUTHORIZED', message)
    }
  }
}

function actorFor(user: User, actor: Actor): Actor {
  return { ...actor, kind: 'session', id: user.id, name: user.name }
}

export interface Admission {
  /** A JWT; null when the browser got a cookie. */
  token: string | null
  expiresAt: number
}

/** Signs the browser in that asks. */
export async function giveCookie(context: Context, call: LoginCall, user: User): Promise<Admission> {
  const { domain } = context
  const client = clientOf(call.request)
  const secret = await domain.store.writer.write(() => beginCookie(domain, user.id, client), actorFor(user, call.actor))
  setSessionCookie(context, call.response, secret)
  return { token: null, expiresAt: domain.clock.now() + sessionMs }
}

/** A JWT, as the login of a face gives it. */
export async function giveToken(
  { sessions }: Context,
  call: LoginCall,
  user: User,
  face: TokenFace
): Promise<{ token: string; expiresAt: number }> {
  return await sessions.issueToken(user.id, face, clientOf(call.request), actorFor(user, call.actor))
}

/** Against guessing by who has somebody's session: a wrong password or code counts as a failed login. */
export function guarded<Result>({ limiter }: Context, userId: string, attempt: () => Result): Result {
  limiter.check(perPerson, userId)
  try {
    return attempt()
  } catch (error) {
    if (error instanceof AppError && (error.code === 'WRONG_CODE' || error.code === 'WRONG_PASSWORD'))
      limiter.take(perPerson, userId)
    throw error
  }
}
