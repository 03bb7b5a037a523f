import type { Response } from 'express'
import type { Actor } from '#contract/audit/audit'
import { AppError } from '#contract/errors'
import { triesPerQuarterHour } from '#contract/people/login'
import type { User } from '#contract/people/users'
import { auditRefusal } from '../../domain/audit/audit.ts'
import type { Domain } from '../../domain/domain.ts'
import { beginCookie, cookieMs, type WaysIn } from '../../domain/people/logins.ts'
import { spendCode } from '../../domain/people/mfa.ts'
import { findByPassword, getUser } from '../../domain/people/users.ts'
import { type Limit, type Limiter, quarterHour } from '../limits/limits.ts'
import type { AnyCall } from '../route.ts'
import { clientOf } from './client.ts'
import type { Cookies } from './cookie.ts'

type LoginCall = Pick<AnyCall, 'request' | 'response' | 'actor'>

const what = 'failed logins'
/** Against guessing the password of one person, and one password of many persons. Only failures count. */
const perEmail: readonly Limit[] = [
  { id: 'login-email', requests: triesPerQuarterHour, windowMs: quarterHour, by: 'address', what }
]
const perAddress: readonly Limit[] = [{ id: 'login-address', requests: 30, windowMs: quarterHour, by: 'address', what }]
const perPerson: readonly Limit[] = [
  { id: 'login-person', requests: triesPerQuarterHour, windowMs: quarterHour, by: 'address', what }
]

export const loginLimits: readonly Limit[] = [...perEmail, ...perAddress, ...perPerson]

/** Who logged in; or, where a code must follow, the token to send it with. */
type PasswordOutcome = { user: User; mfaToken: null } | { user: null; mfaToken: string }

interface Ticket {
  token: string
  expiresAt: number
}

/** Ways in, for the handlers of every face. */
export interface Logins {
  /**
   * Whether an email and a password belong together: in the same time and with the same words for an unknown email, a wrong
   * password and a person without one. Throws UNAUTHORIZED or RateLimited.
   */
  checkPassword(call: LoginCall, wish: { email: string; password: string }): Promise<PasswordOutcome>
  /** The second step. Throws UNAUTHORIZED or RateLimited. */
  checkCode(call: LoginCall, wish: { mfaToken: string; code: string }): Promise<User>
  /** Signs the browser in that asks; there is no token to show. */
  giveCookie(call: LoginCall, user: User): Promise<{ token: null; expiresAt: number }>
  /** A JWT, as the login of a face gives it. */
  giveToken(call: LoginCall, user: User, face: string): Promise<Ticket>
  /** A JWT for who is in already. */
  copyToken(call: AnyCall, face: string): Promise<Ticket>
  /** Signs one browser in as this person, once. */
  makeLink(userId: string): Ticket
  signOut(response: Response): void
  /** Against guessing by who has somebody's login: a wrong password or code counts as a failed login. */
  guarded<Result>(userId: string, attempt: () => Result): Result
}

interface Surroundings {
  domain: Domain
  waysIn: WaysIn
  limiter: Limiter
  cookies: Cookies
}

export function createLogins(around: Surroundings): Logins {
  const { domain, waysIn, limiter, cookies } = around
  return {
    checkPassword: (call, wish) => checkPassword(around, call, wish),
    checkCode: (call, wish) => checkCode(around, call, wish),
    async giveCookie({ request, response, actor }, user) {
      const begin = () => beginCookie(domain, user.id, clientOf(request))
      cookies.set(response, await domain.store.writer.write(begin, actorFor(user, actor)))
      return { token: null, expiresAt: domain.clock.now() + cookieMs }
    },
    giveToken: ({ request, actor }, user, face) =>
      waysIn.issueToken(user.id, face, clientOf(request), actorFor(user, actor)),
    copyToken: ({ request, actor, principal }, face) =>
      waysIn.issueToken(principal.user.id, face, clientOf(request), actor),
    makeLink: userId => waysIn.newLoginLink(userId),
    signOut: response => cookies.clear(response),
    guarded(userId, attempt) {
      limiter.check(perPerson, userId)
      try {
        return attempt()
      } catch (error) {
        if (error instanceof AppError && (error.code === 'WRONG_CODE' || error.code === 'WRONG_PASSWORD'))
          limiter.take(perPerson, userId)
        throw error
      }
    }
  }
}

async function checkPassword(
  around: Surroundings,
  call: LoginCall,
  { email, password }: { email: string; password: string }
): Promise<PasswordOutcome> {
  const attempt = attemptOf(around, call, [
    [perAddress, call.actor.ip ?? ''],
    [perEmail, around.domain.vault.fingerprint('login', email)]
  ])
  attempt.check()
  const user = await findByPassword(around.domain, { email, password })
  // Those that were tried meanwhile count too: a burst gets no more guesses than a row of them.
  attempt.check()
  if (user === null) throw await attempt.refused('Email or password is wrong')
  if (!user.mfaEnabled) return { user, mfaToken: null }
  return { user: null, mfaToken: around.waysIn.awaitingCode.make(user.id).token }
}

async function checkCode(
  around: Surroundings,
  call: LoginCall,
  { mfaToken, code }: { mfaToken: string; code: string }
): Promise<User> {
  const { domain, waysIn } = around
  const userId = waysIn.awaitingCode.peek(mfaToken)
  const attempt = attemptOf(around, call, [
    [perAddress, call.actor.ip ?? ''],
    [perPerson, userId ?? '']
  ])
  attempt.check()
  const right = userId !== null && (await domain.store.writer.write(() => spendCode(domain, userId, code), call.actor))
  // Spent here, after the wait: of two that come at once, one is served.
  if (!right || waysIn.awaitingCode.spend(mfaToken) === null)
    throw await attempt.refused('The code is wrong or was used, or the login began too long ago')
  return getUser(domain, userId)
}

function attemptOf({ domain, limiter }: Surroundings, { actor }: LoginCall, windows: [readonly Limit[], string][]) {
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
