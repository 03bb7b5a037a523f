import type { Actor } from '#contract/audit'
import { AppError } from '#contract/errors'
import { roleScopes } from '#contract/users'
import type { LiveSession } from '../store/sessions.ts'
import { hashToken, newToken, sameToken } from './credentials.ts'
import { type Domain, type Principal, recordChange } from './domain.ts'

/** A cookie lasts 30 days from its last use. */
export const sessionMs = 30 * 24 * 3_600_000
const touchEveryMs = 3_600_000
/** A login link works once, within this time. */
const loginLinkMs = 15 * 60_000
const maxLinks = 20

/** Where a session was begun from. */
export interface Client {
  ip: string
  /** As it called itself. */
  name: string
}

/** How people get in without a password: a token for tools on this machine, one-time links for browsers, cookies from these. */
export interface Sessions {
  /** Acts as the owner of this computer. */
  readonly ownerToken: string
  /** Signs a browser in as this person; the owner when none is named. */
  newLoginLink(userId?: string): { token: string; expiresAt: number }
  /** Spends a login token. The new cookie's secret, or null. */
  redeem(token: string, client: Client, by: Actor): Promise<string | null>
  principalOfToken(token: string): Principal | null
  principalOfCookie(secret: string): Principal | null
}

export function createSessions(domain: Domain): Sessions {
  const ownerToken = `flt_owner_${newToken()}`
  const links = new Map<string, { userId: string; expiresAt: number }>()
  const { store, clock } = domain

  function dropOldLinks(): void {
    for (const [hash, { expiresAt }] of links) if (expiresAt <= clock.now() || links.size > maxLinks) links.delete(hash)
  }

  return {
    ownerToken,
    newLoginLink(userId = store.users.firstOwner().id) {
      const token = newToken()
      const expiresAt = clock.now() + loginLinkMs
      links.set(hashToken(token), { userId, expiresAt })
      dropOldLinks()
      return { token, expiresAt }
    },
    async redeem(token, client, by) {
      dropOldLinks()
      const link = links.get(hashToken(token))
      if (!link || !links.delete(hashToken(token)) || !store.users.byId(link.userId)) return null
      return await store.writer.write(() => beginCookie(domain, link.userId, client), by)
    },
    principalOfToken: token => (sameToken(token, ownerToken) ? ownerPrincipal(domain) : null),
    principalOfCookie(secret) {
      const now = clock.now()
      const row = store.sessions.byHash(hashToken(secret))
      if (!row || row.expires_at <= now) return null
      if (now - row.last_used_at > touchEveryMs)
        void store.writer.write(() => store.sessions.used(row.id, now, now + sessionMs)).catch(() => undefined)
      return principalOf(row)
    }
  }
}

/** Whoever can read the data folder has all of it: the token in it is the longest-standing owner, and never less. */
function ownerPrincipal(domain: Domain): Principal {
  const { id, name } = domain.store.users.firstOwner()
  return { kind: 'owner', id: 'owner', name, scopes: roleScopes.owner, user: { id, role: 'owner' }, expiresAt: null }
}

function principalOf(row: LiveSession): Principal {
  return {
    kind: 'session',
    id: `session:${row.id}`,
    name: row.user_name,
    scopes: roleScopes[row.user_role],
    user: { id: row.user_id, role: row.user_role },
    expiresAt: null
  }
}

/** Inside a write. The secret for the cookie of a new session. */
export function beginCookie(domain: Domain, userId: string, client: Client): string {
  const secret = newToken()
  const now = domain.clock.now()
  const id = domain.newId()
  domain.store.sessions.removeExpired(now)
  domain.store.sessions.insert({
    id,
    user_id: userId,
    kind: 'cookie',
    hash: hashToken(secret),
    face: 'native',
    client: client.name,
    ip: client.ip,
    created_at: now,
    last_used_at: now,
    expires_at: now + sessionMs
  })
  recordChange(domain, 'session', 'created', id)
  return secret
}

/** Ends the session that a caller came with, if it came with one. */
export function endOwnSession(domain: Domain, by: Principal): void {
  if (by.kind === 'session' || by.kind === 'token') endSession(domain, by.id.slice('session:'.length))
}

export function endSession(domain: Domain, id: string): void {
  if (!domain.store.sessions.remove(id)) throw new AppError('NOT_FOUND', `There is no session ${id}`)
  recordChange(domain, 'session', 'deleted', id)
  revoke(domain, `session:${id}`)
}

/** Ends the sessions of a person, but for the one that asks. */
export function endSessions(domain: Domain, userId: string, but: Principal | null): void {
  for (const { id } of domain.store.sessions.ofUser(userId, domain.clock.now()))
    if (`session:${id}` !== but?.id) endSession(domain, id)
}

/** What is open under this credential, or of this person, ends; whoever is still allowed comes back. */
export function revoke(domain: Domain, credentialOrUser: string): void {
  domain.store.writer.afterCommit(() => domain.bus.publish('revoked', credentialOrUser, null))
}
