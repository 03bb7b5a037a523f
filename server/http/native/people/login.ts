import * as contract from '#contract/people/login'
import type { User } from '#contract/people/users'
import { auditDeed } from '../../../domain/audit/audit.ts'
import type { Domain, Principal } from '../../../domain/domain.ts'
import { deleteLogin, endOwnLogin, getLogin, listLogins } from '../../../domain/people/logins.ts'
import * as mfa from '../../../domain/people/mfa.ts'
import * as users from '../../../domain/people/users.ts'
import { lastChange } from '../../../realtime/change-tail.ts'
import { type Call, type Route, read, type Services, wait, write, writeAfter } from '../../for-faces.ts'

function describeMe(domain: Domain, { kind, name, scopes, user }: Principal) {
  return { kind, name, scopes: [...scopes], lastChange: lastChange(domain.store), user: users.getUser(domain, user.id) }
}

/** Ways in: by password and code, or by a link. */
export function loginRoutes({ logins, url }: Services): Route[] {
  async function admit(call: Call, user: User, as: 'cookie' | 'token') {
    const { token, expiresAt } =
      as === 'token' ? await logins.giveToken(call, user, 'native') : await logins.giveCookie(call, user)
    return {
      mfaRequired: false as const,
      token,
      expiresAt: new Date(expiresAt).toISOString(),
      user: users.getUser(call.domain, user.id)
    }
  }

  return [
    wait(contract.login, async call => {
      const { user, mfaToken } = await logins.checkPassword(call, call.body)
      return user === null ? { mfaRequired: true as const, mfaToken } : await admit(call, user, call.body.as)
    }),
    wait(contract.verifyMfa, async call => {
      const user = await logins.checkCode(call, call.body)
      return await admit(call, user, call.body.as)
    }),
    wait(contract.createToken, async call => {
      const { token, expiresAt } = await logins.copyToken(call, call.body.face)
      return { token, expiresAt: new Date(expiresAt).toISOString() }
    }),
    write(contract.createLoginLink, ({ domain, principal }) => {
      auditDeed(domain, { action: 'login-link.created', noun: 'login-link', target: principal.user.id })
      const { token, expiresAt } = logins.makeLink(principal.user.id)
      return { url: `${url()}/?token=${token}`, expiresAt: new Date(expiresAt).toISOString() }
    })
  ]
}

/** One's own account. */
export function accountRoutes({ logins }: Services): Route[] {
  return [
    read(contract.getMe, ({ domain, principal }) => describeMe(domain, principal)),
    writeAfter(
      contract.changeMe,
      ({ domain, body }) => users.proven(domain, body),
      ({ domain, body, principal }, proof) => {
        logins.guarded(principal.user.id, () => users.changeMe(domain, { ...body, ...proof }))
        return describeMe(domain, principal)
      }
    ),
    write(contract.logout, ({ domain, response }) => {
      endOwnLogin(domain)
      logins.signOut(response)
      return { success: true as const }
    }),
    read(contract.listSessions, ({ domain, query }) => ({
      data: listLogins(domain, query.userId)
    })),
    read(contract.getSession, ({ domain, params }) => getLogin(domain, params.id)),
    write(contract.deleteSession, ({ domain, params }) => {
      deleteLogin(domain, params.id)
      return { success: true as const }
    }),
    write(contract.enrolMfa, ({ domain }) => mfa.enrol(domain)),
    write(contract.confirmMfa, ({ domain, body, principal }) => {
      logins.guarded(principal.user.id, () => mfa.confirm(domain, body.code))
      return describeMe(domain, principal)
    }),
    write(contract.disableMfa, ({ domain, body, principal }) => {
      logins.guarded(principal.user.id, () => mfa.disable(domain, body.code))
      return describeMe(domain, principal)
    })
  ]
}
