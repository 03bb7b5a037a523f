import type { Actor } from '#contract/audit/audit'
import { invalid, Missing } from '#contract/errors'
import type { Login } from '#contract/people/login'
import { roleScopes } from '#contract/people/users'
import { iso } from '../../store/columns.ts'
import type { LiveLogin, LoginRow } from '../../store/people/logins.ts'
import { type Domain, isAdmin, type Principal, recordChange, requireActor } from '../domain.ts'
import { hashToken, newToken, sameToken } from './credentials.ts'
import { type OneTimeTokens, oneTimeTokens } from './one-time-tokens.ts'
import { createTokens, looksLikeJwt } from './tokens.ts'

/** A cookie lasts 30 days from its last use. */
export const cookieMs = 30 * 24 * 3_600_000
const touchEveryMs = 3_600_000
/** A login link works once, within this time. */
const loginLinkMs = 15 * 60_000
const maxLinks = 20
const tokenMs = 12 * 3_600_000
const awaitingCodeMs = 5 * 60_000
const maxAwaitingCode = 1000

/** Where a login was begun from. */
export interface Client {
  ip: string
  /** As it called itself. */
  name: string
}

/** What people get in with: a token for tools on this machine, one-time links, cookies and tokens. */
export interface WaysIn {
  /** Acts as the owner of this computer. */
  readonly ownerToken: string
  /** Signs a browser in as this person; the owner when none is named. */
  newLoginLink(userId?: string): { token: string; expiresAt: number }
  /** Spends a login token. The new cookie's secret, or null. */
  redeem(token: string, client: Client, by: Actor): Promise<string | null>
  /** A JWT that stands in the list of logins until it expires or is ended. */
  /** Throws INVALID_REQUEST for a face that gives none. */
  issueToken(userId: string, face: string, client: Client, by: Actor): Promise<{ token: string; expiresAt: number }>
  /** Logins whose password was right, and whose code is awaited: user ids. */
  readonly awaitingCode: OneTimeTokens<string>
  principalOfToken(token: string): Promise<Principal | null>
  principalOfCookie(secret: string): Principal | null
}

export const ownerTokenPrefix = 'flt_owner_'

export function createWaysIn(domain: Domain): WaysIn {
  const ownerToken = ownerTokenPrefix + newToken()
  const { store, clock } = domain
  const links = oneTimeTokens<string>(clock, { lastMs: loginLinkMs, most: maxLinks })
  const tokens = createTokens(domain)

  /** Of the login, if it is still there, with what its person is by now. */
  function principalOf(row: LiveLogin | undefined): Principal | null {
    const now = clock.now()
    const principal = principalOfLogin(row, now)
    if (!row || !principal) return null
    const expiresAt = row.kind === 'cookie' ? now + cookieMs : row.expires_at
    if (now - row.last_used_at > touchEveryMs)
      void store.writer.write(() => store.logins.used(row.id, now, expiresAt)).catch(() => undefined)
    return principal
  }

  async function principalOfJwt(token: string): Promise<Principal | null> {
    const claims = await tokens.verify(token)
    const row = claims === null ? undefined : store.logins.byId(claims.id)
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
      const login = { user_id: userId, kind: 'token', hash: null, face, expires_at: expiresAt } as const
      const id = await store.writer.write(() => begin(domain, login, client), by)
      return { token: await tokens.sign({ id, userId, face }, expiresAt), expiresAt }
    },
    awaitingCode: oneTimeTokens<string>(clock, { lastMs: awaitingCodeMs, most: maxAwaitingCode }),
    async principalOfToken(token) {
      if (looksLikeJwt(token)) return await principalOfJwt(token)
      return sameToken(token, ownerToken) ? ownerPrincipal(domain) : null
    },
    principalOfCookie: secret => principalOf(store.logins.byHash(hashToken(secret)))
  }
}

/** Whoever can read the data folder has all of it: the token in it is the longest-standing owner, and never less. */
function ownerPrincipal(domain: Domain): Principal {
  const { id, name } = domain.store.users.firstOwner()
  return { kind: 'owner', id: 'owner', name, scopes: roleScopes.owner, user: { id, role: 'owner' }, expiresAt: null }
}

/** Null for one that is not there, or has expired. */
export function principalOfLogin(row: LiveLogin | undefined, now: number): Principal | null {
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

/** Inside a write. The secret for the cookie of a new login. */
export function beginCookie(domain: Domain, userId: string, client: Client): string {
  const secret = newToken()
  const expires_at = domain.clock.now() + cookieMs
  begin(domain, { user_id: userId, kind: 'cookie', hash: hashToken(secret), face: 'native', expires_at }, client)
  return secret
}

type NewLogin = Pick<LoginRow, 'user_id' | 'kind' | 'hash' | 'face' | 'expires_at'>

function begin(domain: Domain, login: NewLogin, client: Client): string {
  const { store, clock } = domain
  const now = clock.now()
  const id = domain.newId()
  store.logins.removeExpired(now)
  store.logins.insert({ ...login, id, client: client.name, ip: client.ip, created_at: now, last_used_at: now })
  store.users.update(login.user_id, { last_login_at: now })
  recordChange(domain, 'session', 'created', id)
  return id
}

/** Of one's own; an admin may name anybody. */
export function listLogins(domain: Domain, userId: string | undefined): Login[] {
  const { store, clock } = domain
  const by = requireActor(domain)
  if (userId !== undefined && userId !== by.user.id && !(isAdmin(by) && store.users.byId(userId)))
    throw new Missing('person', userId)
  return store.logins.ofUser(userId ?? by.user.id, clock.now()).map(row => toLogin(domain, row))
}

function toLogin(domain: Pick<Domain, 'actor'>, row: LoginRow): Login {
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
export function getLogin(domain: Pick<Domain, 'store' | 'actor'>, id: string): Login {
  return toLogin(domain, requireLogin(domain, id))
}

function requireLogin(domain: Pick<Domain, 'store' | 'actor'>, id: string): LiveLogin {
  const row = domain.store.logins.byId(id)
  const by = requireActor(domain)
  if (!row || !(isAdmin(by) || row.user_id === by.user.id)) throw new Missing('session', id)
  return row
}

/** Ends a login of one's own, or as an admin that of anybody. */
export function deleteLogin(domain: Domain, id: string): void {
  requireLogin(domain, id)
  endLogin(domain, id)
}

/** Ends the login that a caller came with, if it came with one. */
export function endOwnLogin(domain: Domain): void {
  const { kind, id } = requireActor(domain)
  if (kind === 'session' || kind === 'token') endLogin(domain, id.slice('session:'.length))
}

function endLogin(domain: Domain, id: string): void {
  domain.store.logins.remove(id)
  recordChange(domain, 'session', 'deleted', id)
  revoke(domain, `session:${id}`)
}

/** Ends the logins of a person, but for the one that asks. */
export function endLogins(domain: Domain, userId: string, but: Principal | null): void {
  for (const { id } of domain.store.logins.ofUser(userId, domain.clock.now()))
    if (`session:${id}` !== but?.id) endLogin(domain, id)
}

/** What is open under this credential, or of this person, ends; whoever is still allowed comes back. */
export function revoke(domain: Domain, credentialOrUser: string): void {
  domain.store.writer.afterCommit(() => domain.bus.publish('revoked', credentialOrUser, null))
}
