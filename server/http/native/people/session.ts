import * as contract from '#contract/people/session'
import type { User } from '#contract/people/users'
import { auditDeed } from '../../../domain/audit/audit.ts'
import type { Domain, Principal } from '../../../domain/domain.ts'
import * as mfa from '../../../domain/people/mfa.ts'
import { deleteSession, endOwnSession, getSession, listSessions } from '../../../domain/people/sessions.ts'
import * as users from '../../../domain/people/users.ts'
import { clientOf } from '../../client.ts'
import type { Context } from '../../context.ts'
import { clearSessionCookie } from '../../cookie.ts'
import { checkCode, checkPassword, giveCookie, giveToken, guarded } from '../../login.ts'
import { type Call, type Route, read, wait, write, writeAfter } from '../../route.ts'

function describeMe(domain: Domain, { kind, name, scopes, user }: Principal) {
  return { kind, name, scopes: [...scopes], user: users.getUser(domain, user.id) }
}

/** Ways in: by password and code, or by a link. */
export function loginRoutes(context: Context): Route[] {
  const { domain } = context

  async function admit(call: Call, user: User, as: 'cookie' | 'token') {
    const { token, expiresAt } =
      as === 'token' ? await giveToken(context, call, user, 'native') : await giveCookie(context, call, user)
    return {
      mfaRequired: false as const,
      token,
      expiresAt: new Date(expiresAt).toISOString(),
      user: users.getUser(domain, user.id)
    }
  }

  return [
    wait(contract.login, async call => {
      const { user, mfaToken } = await checkPassword(context, call, call.body)
      return user === null ? { mfaRequired: true as const, mfaToken } : await admit(call, user, call.body.as)
    }),
    wait(contract.verifyMfa, async call => {
      const user = await checkCode(context, call, call.body)
      return await admit(call, user, call.body.as)
    }),
    wait(contract.createToken, async ({ principal, actor, body, request }) => {
      const { token, expiresAt } = await context.sessions.issueToken(
        principal.user.id,
        body.face,
        clientOf(request),
        actor
      )
      return { token, expiresAt: new Date(expiresAt).toISOString() }
    }),
    write(contract.createLoginLink, ({ principal }) => {
      auditDeed(domain, { action: 'login-link.created', noun: 'login-link', target: principal.user.id })
      const { token, expiresAt } = context.sessions.newLoginLink(principal.user.id)
      return { url: `${context.url()}/?token=${token}`, expiresAt: new Date(expiresAt).toISOString() }
    })
  ]
}

/** One's own account. */
export function sessionRoutes(context: Context): Route[] {
  return [
    read(contract.getMe, ({ domain, principal }) => describeMe(domain, principal)),
    writeAfter(
      contract.changeMe,
      ({ domain, body, principal }) => users.proven(domain, body, principal),
      ({ domain, body, principal }, proof) => {
        guarded(context, principal.user.id, () => users.changeMe(domain, { ...body, ...proof }, principal))
        return describeMe(domain, principal)
      }
    ),
    write(contract.logout, ({ domain, principal, response }) => {
      endOwnSession(domain, principal)
      clearSessionCookie(context, response)
      return { success: true as const }
    }),
    read(contract.listSessions, ({ domain, query, principal }) => ({
      data: listSessions(domain, query.userId, principal)
    })),
    read(contract.getSession, ({ domain, params, principal }) => getSession(domain, params.id, principal)),
    write(contract.deleteSession, ({ domain, params, principal }) => {
      deleteSession(domain, params.id, principal)
      return { success: true as const }
    }),
    write(contract.enrolMfa, ({ domain, principal }) => mfa.enrol(domain, principal)),
    write(contract.confirmMfa, ({ domain, body, principal }) => {
      guarded(context, principal.user.id, () => mfa.confirm(domain, body.code, principal))
      return describeMe(domain, principal)
    }),
    write(contract.disableMfa, ({ domain, body, principal }) => {
      guarded(context, principal.user.id, () => mfa.disable(domain, body.code, principal))
      return describeMe(domain, principal)
    })
  ]
}
