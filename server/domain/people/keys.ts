import { AppError, fieldError, invalid, Missing } from '#contract/errors'
import { type Key, type KeyScope, maxKeys } from '#contract/people/keys'
import { roleScopes } from '#contract/people/users'
import { type KeyRow, type LiveKey, scopesOf, toKey } from '../../store/people/keys.ts'
import { type Domain, holds, isAdmin, type KeyStyle, type Principal, recordChange, requireActor } from '../domain.ts'
import { hashToken, newToken } from './credentials.ts'
import { revoke } from './logins.ts'

const touchEveryMs = 60_000

/** An admin sees the keys of everybody, others their own. */
export function listKeys(domain: Domain): Key[] {
  const { store } = domain
  const by = requireActor(domain)
  return (isAdmin(by) ? store.keys.all() : store.keys.ofUser(by.user.id)).map(toKey)
}

export interface NewKey {
  name: string
  style: string
  scopes?: readonly KeyScope[] | undefined
  expiresAt?: string | undefined
}

export function createKey(domain: Domain, wanted: NewKey): Key & { key: string } {
  const now = domain.clock.now()
  const expiresAt = wanted.expiresAt === undefined ? null : Date.parse(wanted.expiresAt)
  if (expiresAt !== null && expiresAt <= now) throw invalid('expiresAt', 'must lie in the future')
  const { name } = wanted
  const scopes = scopesFor(domain, requireStyle(domain, wanted.style), wanted.scopes)
  return issueKey(domain, { userId: requireActor(domain).user.id, name, style: wanted.style, scopes, expiresAt })
}

interface IssuedKey {
  userId: string
  name: string
  style: string
  scopes: readonly KeyScope[]
  expiresAt?: number | null
}

/** For a person who wanted it before: whether they may is for the caller to know. */
export function issueKey(domain: Domain, { userId, name, scopes, expiresAt = null, ...wanted }: IssuedKey) {
  const style = requireStyle(domain, wanted.style)
  requireRoom(domain, style)
  const key = style.prefix + newToken()
  const row = {
    id: domain.newId(),
    user_id: userId,
    name,
    style: style.name,
    prefix: key.slice(0, 12),
    hash: hashToken(key),
    scopes: JSON.stringify(scopes),
    created_at: domain.clock.now(),
    last_used_at: null,
    expires_at: expiresAt
  }
  domain.store.keys.insert(row)
  recordChange(domain, 'key', 'created', row.id)
  return { ...toKey(row), key }
}

function requireStyle({ keyStyles }: Pick<Domain, 'keyStyles'>, name: string): KeyStyle {
  const style = keyStyles.find(one => one.name === name)
  if (!style) throw invalid('style', `one of ${keyStyles.map(one => one.name).join(', ')} is expected`)
  return style
}

function requireRoom({ store }: Pick<Domain, 'store'>, { name, most }: KeyStyle): void {
  if (store.keys.count() >= maxKeys) throw new AppError('TOO_MANY_KEYS', `There are ${maxKeys} keys; revoke some`)
  if (most !== undefined && store.keys.countOfStyle(name) >= most)
    throw new AppError('TOO_MANY_KEYS', `There are ${most} keys of the style ${name}; revoke some`)
}

/** What is asked for must be the maker's to give; the default is as much of the usual as that. */
function scopesFor(domain: Pick<Domain, 'actor'>, style: KeyStyle, scopes: NewKey['scopes']): KeyScope[] {
  const by = requireActor(domain)
  const missing = scopes?.find(scope => !holds(by, scope))
  if (missing !== undefined)
    throw fieldError(
      'FORBIDDEN',
      'scopes',
      `"${missing}" is not yours to give; you have ${by.scopes.join(', ')}`,
      `of ${by.scopes.join(', ')}`
    )
  return [...new Set(scopes ?? style.scopes.filter(scope => holds(by, scope)))]
}

export function getKey(domain: Pick<Domain, 'store' | 'actor'>, id: string): Key {
  return toKey(requireKey(domain, id))
}

function requireKey(domain: Pick<Domain, 'store' | 'actor'>, id: string): KeyRow {
  const row = domain.store.keys.byId(id)
  const by = requireActor(domain)
  if (!row || !(isAdmin(by) || row.user_id === by.user.id)) throw new Missing('key', id)
  return row
}

export function deleteKey(domain: Domain, id: string): void {
  requireKey(domain, id)
  revokeKey(domain, id)
}

/** Whose it is, is for the caller to know. One that is gone already stays so. */
export function revokeKey(domain: Domain, id: string): void {
  if (!domain.store.keys.remove(id)) return
  recordChange(domain, 'key', 'deleted', id)
  revoke(domain, `key:${id}`)
}

export function principalOfKey(domain: Pick<Domain, 'store' | 'clock'>, token: string): Principal | null {
  const now = domain.clock.now()
  const row = domain.store.keys.byHash(hashToken(token))
  const principal = principalOfLiveKey(row, now)
  if (!row || !principal) return null
  if (row.last_used_at === null || now - row.last_used_at > touchEveryMs)
    void domain.store.writer.write(() => domain.store.keys.used(row.id, now)).catch(() => undefined)
  return principal
}

/** Null for one that is not there, or has expired. */
export function principalOfLiveKey(row: LiveKey | undefined, now: number): Principal | null {
  if (!row || (row.expires_at !== null && row.expires_at <= now)) return null
  const allowed: readonly KeyScope[] = roleScopes[row.user_role]
  return {
    kind: 'key',
    id: `key:${row.id}`,
    name: row.name,
    scopes: scopesOf(row).filter(scope => allowed.includes(scope)),
    user: { id: row.user_id, role: row.user_role },
    expiresAt: row.expires_at
  }
}
