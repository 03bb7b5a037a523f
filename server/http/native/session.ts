import { changeMe, createLoginLink, getMe, logout } from '#contract/session'
import { auditDeed } from '../../domain/audit.ts'
import type { Domain, Principal } from '../../domain/domain.ts'
import { endOwnSession } from '../../domain/sessions.ts'
import * as users from '../../domain/users.ts'
import type { Context } from '../context.ts'
import { clearSessionCookie } from '../cookie.ts'
import { type Route, read, write, writeAfter } from '../route.ts'

function describeMe(domain: Domain, { kind, name, scopes, user }: Principal) {
  return { kind, name, scopes: [...scopes], user: users.getUser(domain, user.id) }
}

export function sessionRoutes(context: Context): Route[] {
  const current = read(getMe, ({ domain, principal }) => describeMe(domain, principal))
  return [
    current,
    writeAfter(
      changeMe,
      ({ domain, body, principal }) => users.proven(domain, body, principal),
      ({ domain, body, principal }, proof) => {
        users.changeMe(domain, { ...body, ...proof }, principal)
        return describeMe(domain, principal)
      },
      current
    ),
    write(createLoginLink, ({ domain, principal }) => {
      auditDeed(domain, { action: 'login-link.created', noun: 'login-link', target: principal.user.id })
      const { token, expiresAt } = context.sessions.newLoginLink(principal.user.id)
      return { url: `${context.url()}/?token=${token}`, expiresAt: new Date(expiresAt).toISOString() }
    }),
    write(logout, ({ domain, principal, response }) => {
      endOwnSession(domain, principal)
      clearSessionCookie(context, response)
      return { success: true as const }
    })
  ]
}
