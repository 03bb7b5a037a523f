import { createLoginLink, getMe, logout } from '#contract/session'
import { auditDeed } from '../../domain/audit.ts'
import { sessionSecret } from '../authenticate.ts'
import type { Context } from '../context.ts'
import { type Route, read, write } from '../route.ts'

export function sessionRoutes(context: Context): Route[] {
  return [
    read(getMe, ({ principal }) => ({
      kind: principal.kind,
      name: principal.name,
      scopes: [...principal.scopes]
    })),
    write(createLoginLink, () => {
      auditDeed(context.domain, { action: 'login-link.created', noun: 'login-link', target: 'owner' })
      const { token, expiresAt } = context.sessions.newLoginLink()
      return { url: `${context.url()}/?token=${token}`, expiresAt: new Date(expiresAt).toISOString() }
    }),
    write(logout, ({ request, response }) => {
      const secret = sessionSecret(context, request)
      if (secret !== null) context.sessions.end(secret)
      response.clearCookie(context.cookieName, { httpOnly: true, sameSite: 'strict', path: '/' })
      return { success: true as const }
    })
  ]
}
