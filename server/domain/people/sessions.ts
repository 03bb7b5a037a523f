import type { Actor } from '#contract/audit/audit'
import { invalid, Missing } from '#contract/errors'
import type { Session } from '#contract/people/session'
import { roleScopes } from '#contract/people/users'
import { iso } from '../../store/columns.ts'
import type { LiveSession, SessionRow } from '../../store/people/sessions.ts'
import { type Domain, isAdmin, type Principal, recordChange, requireActor } from '../domain.ts'
import { hashToken, newToken, sameToken } from './credentials.ts'
import { type OneTimeTokens, oneTimeTokens } from './one-time-tokens.ts'
import { createTokens, looksLikeJwt } from './tokens.ts'

/** A cookie lasts 30 days from its last use. */
export const sessionMs = 30 * 24 * 3_600_000
const touchEveryMs = 3_600_000
/** A login link works once, within this time. */
const loginLinkMs = 15 * 60_000
const maxLinks = 20
const tokenMs = 12 * 3_600_000
const awaitingCodeMs = 5 * 60_000
const maxAwaitingCode = 1000

/** Where a session was begun from. */
export interface Client {
  ip: string
  /** As it called itself. */
  name: string
}

/** What people get in with: a token for tools on this machine, one-time links, cookies and tokens. */
export interface Sessions {
  /** Acts as the owner of this computer. */
  readonly ownerToken: string
  /** Signs a browser in as this person; the owner when none is named. */
  newLoginLink(userId?: string): { token: string; expiresAt: number }
  /** Spends a login token. The new cookie's secret, or null. */
  redeem(token: string, client: Client, by: Actor): Promise<string | null>
  /** A JWT that stands in the list of sessions until it expires or is ended. */
  /** Throws INVALID_REQUEST for a face that gives none. */
  issueToken(userId: string, face: string, client: Client, by: Actor): Promise<{ token: string; expiresAt: number }>
  /** Logins whose password was right, and whose code is awaited: user ids. */
  readonly awaitingCode: OneTimeTokens<string>
  principalOfToken(token: string): Promise<Principal | null>
  principalOfCookie(secret: string): Principal | null
}

export const ownerTokenPrefix = 'flt_owner_'

export function createSessions(domain: Domain): Sessions {
  const ownerToken = ownerTokenPrefix + newToken()
  const { store, clock } = domain
  const links = oneTimeTokens<string>(clock, { lastMs: loginLinkMs, most: maxLinks })
  const tokens = createTokens(domain)

  /** Of the session, if it is still there, with what its person is by now. */
  function principalOf(row: LiveSession | undefined): Principal | null {
    const now = clock.now()
    const principal = principalOfLiveSession(row, now)
    if (!row || !principal) return null
    const expiresAt = row.kind === 'cookie' ? now + sessionMs : row.expires_at
    if (now - row.last_used_at > touchEveryMs)
      void store.writer.write(() => store.sessions.used(row.id, now, expiresAt)).catch(() => undefined)
    return principal
  }

  async function principalOfJwt(token: string): Promise<Principal | null> {
    const claims = await tokens.verify(token)
    const row = claims === null ? undefined : store.sessions.byId(claims.id)
    return row?.kind === 'token' && row.user_id === claims?.userId ? principalOf(row) : null
  }

  return {
    ownerToken,
    newLoginLink: (userId = store.users.firstOwner().id) => links.make(userId),
    async redeem(token, client, by) {
      const userId = links.spend(token)
      if (userId === null || !store.users.byId(userId)) return null
      return await store.writer.write(() => beginCookie(domain, userId, client), by)
    },
    async issueToken(userId, face, client, by) {
      if (!domain.tokenFaces.includes(face)) throw invalid('face', `one of ${domain.tokenFaces.join(', ')} is expected`)
      const expiresAt = clock.now() + tokenMs
      const session = { user_id: userId, kind: 'token', hash: null, face, expires_at: expiresAt } as const
      const id = await store.writer.write(() => begin(domain, session, client), by)
      return { token: await tokens.sign({ id, userId, face }, expiresAt), expiresAt }
    },
    awaitingCode: oneTimeTokens<string>(clock, { lastMs: awaitingCodeMs, most: maxAwaitingCode }),
    async principalOfToken(token) {
      if (looksLikeJwt(token)) return await principalOfJwt(token)
      return sameToken(token, ownerToken) ? ownerPrincipal(domain) : null
    },
    principalOfCookie: secret => principalOf(store.sessions.byHash(hashToken(secret)))
  }
}

/** Whoever can read the data folder has all of it: the token in it is the longest-standing owner, and never less. */
function ownerPrincipal(domain: Domain): Principal {
  const { id, name } = domain.store.users.firstOwner()
  return { kind: 'owner', id: 'owner', name, scopes: roleScopes.owner, user: { id, role: 'owner' }, expiresAt: null }
}

/** Null for one that is not there, or has expired. */
export function principalOfLiveSession(row: LiveSession | undefined, now: number): Principal | null {
  if (!row || row.expires_at <= now) return null
  return {
    kind: row.kind === 'cookie' ? 'session' : 'token',
    id: `session:${row.id}`,
    name: row.user_name,
    scopes: roleScopes[row.user_role],
    user: { id: row.user_id, role: row.user_role },
    expiresAt: row.kind === 'cookie' ? null : row.expires_at
  }
}

/** Inside a write. The secret for the cookie of a new session. */
export function beginCookie(domain: Domain, userId: string, client: Client): string {
  const secret = newToken()
  const expires_at = domain.clock.now() + sessionMs
  begin(domain, { user_id: userId, kind: 'cookie', hash: hashToken(secret), face: 'native', expires_at }, client)
  return secret
}

type NewSession = Pick<SessionRow, 'user_id' | 'kind' | 'hash' | 'face' | 'expires_at'>

function begin(domain: Domain, session: NewSession, client: Client): string {
  const { store, clock } = domain
  const now = clock.now()
  const id = domain.newId()
  store.sessions.removeExpired(now)
  store.sessions.insert({ ...session, id, client: client.name, ip: client.ip, created_at: now, last_used_at: now })
  store.users.update(session.user_id, { last_login_at: now })
  recordChange(domain, 'session', 'created', id)
  return id
}

/** Of one's own; an admin may name anybody. */
export function listSessions(domain: Domain, userId: string | undefined): Session[] {
  const { store, clock } = domain
  const by = requireActor(domain)
  if (userId !== undefined && userId !== by.user.id && !(isAdmin(by) && store.users.byId(userId)))
    throw new Missing('person', userId)
  return store.sessions.ofUser(userId ?? by.user.id, clock.now()).map(row => toSession(domain, row))
}

function toSession(domain: Pick<Domain, 'actor'>, row: SessionRow): Session {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    face: row.face,
    client: row.client,
    ip: row.ip,
    current: requireActor(domain).id === `session:${row.id}`,
    createdAt: iso(row.created_at),
    lastUsedAt: iso(row.last_used_at),
    expiresAt: iso(row.expires_at)
  }
}

/** One's own, or as an admin anybody's. */
export function getSession(domain: Pick<Domain, 'store' | 'actor'>, id: string): Session {
  return toSession(domain, requireSession(domain, id))
}

function requireSession(domain: Pick<Domain, 'store' | 'actor'>, id: string): LiveSession {
  const row = domain.store.sessions.byId(id)
  const by = requireActor(domain)
  if (!row || !(isAdmin(by) || row.user_id === by.user.id)) throw new Missing('session', id)
  return row
}

/** Ends a session of one's own, or as an admin that of anybody. */
export function deleteSession(domain: Domain, id: string): void {
  requireSession(domain, id)
  endSession(domain, id)
}

/** Ends the session that a caller came with, if it came with one. */
export function endOwnSession(domain: Domain): void {
  const { kind, id } = requireActor(domain)
  if (kind === 'session' || kind === 'token') endSession(domain, id.slice('session:'.length))
}

function endSession(domain: Domain, id: string): void {
  domain.store.sessions.remove(id)
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
