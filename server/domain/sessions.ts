import type { Actor } from '#contract/audit'
import { hashToken, newToken, sameToken } from './credentials.ts'
import type { Domain, Principal } from './domain.ts'

/** A cookie lasts 30 days from its last use. */
export const sessionMs = 30 * 24 * 3_600_000
const touchEveryMs = 3_600_000
/** A login link works once, within this time. */
const loginLinkMs = 15 * 60_000
const maxLinks = 20

const everything = ['read', 'write', 'admin', 'runner'] as const

/** How the owner gets in: a token for tools on this machine, one-time links for browsers, cookies from these. */
export interface Sessions {
  readonly ownerToken: string
  newLoginLink(): { token: string; expiresAt: number }
  /** Spends a login token. The new session's secret, or null. */
  redeem(token: string, by: Actor): Promise<string | null>
  principalOfToken(token: string): Principal | null
  principalOfCookie(secret: string): Principal | null
  end(secret: string): void
}

export function createSessions(domain: Domain): Sessions {
  const ownerToken = `flt_owner_${newToken()}`
  const links = new Map<string, number>()
  const { store, clock } = domain

  function dropOldLinks(): void {
    for (const [hash, expiresAt] of links) if (expiresAt <= clock.now() || links.size > maxLinks) links.delete(hash)
  }

  return {
    ownerToken,
    newLoginLink() {
      const token = newToken()
      const expiresAt = clock.now() + loginLinkMs
      links.set(hashToken(token), expiresAt)
      dropOldLinks()
      return { token, expiresAt }
    },
    async redeem(token, by) {
      dropOldLinks()
      if (!links.delete(hashToken(token))) return null
      const secret = newToken()
      const now = clock.now()
      await store.writer.write(() => {
        store.sessions.removeExpired(now)
        store.sessions.insert({
          hash: hashToken(secret),
          created_at: now,
          last_used_at: now,
          expires_at: now + sessionMs
        })
      }, by)
      return secret
    },
    principalOfToken: token =>
      sameToken(token, ownerToken) ? { kind: 'owner', id: 'owner', name: 'owner', scopes: everything } : null,
    principalOfCookie(secret) {
      const now = clock.now()
      const row = store.sessions.byHash(hashToken(secret))
      if (!row || row.expires_at <= now) return null
      if (now - row.last_used_at > touchEveryMs)
        void store.writer.write(() => store.sessions.used(row.hash, now, now + sessionMs)).catch(() => undefined)
      return { kind: 'session', id: `session:${row.hash.slice(0, 16)}`, name: 'owner', scopes: everything }
    },
    end: secret => store.sessions.remove(hashToken(secret))
  }
}
