import { AppError, invalid } from '#contract/errors'
import { type Key, type KeyScope, type KeyStyle, keyPrefixes, maxKeys } from '#contract/keys'
import { scopesOf, toKey } from '../store/keys.ts'
import { hashToken, newToken } from './credentials.ts'
import { type Domain, type Principal, recordChange } from './domain.ts'

const touchEveryMs = 60_000

const defaultScopes: Record<KeyStyle, readonly KeyScope[]> = {
  flotilla: ['read', 'write'],
  fleetrun: ['read', 'write'],
  fleece: ['read', 'write'],
  agentfleet: ['read', 'write', 'runner']
}

export function listKeys(domain: Domain): Key[] {
  return domain.store.keys.all().map(toKey)
}

export interface NewKey {
  name: string
  style: KeyStyle
  scopes?: readonly KeyScope[] | undefined
  expiresAt?: string | undefined
}

export function createKey(domain: Domain, wanted: NewKey): Key & { key: string } {
  const now = domain.clock.now()
  const expiresAt = wanted.expiresAt === undefined ? null : Date.parse(wanted.expiresAt)
  if (expiresAt !== null && expiresAt <= now) throw invalid('expiresAt', 'must lie in the future')
  if (domain.store.keys.count() >= maxKeys)
    throw new AppError('LIMIT_REACHED', `There are ${maxKeys} keys; revoke some`)
  const key = keyPrefixes[wanted.style] + newToken()
  const row = {
    id: domain.newId(),
    name: wanted.name,
    style: wanted.style,
    prefix: key.slice(0, 12),
    hash: hashToken(key),
    scopes: JSON.stringify([...new Set(wanted.scopes ?? defaultScopes[wanted.style])]),
    created_at: now,
    last_used_at: null,
    expires_at: expiresAt
  }
  domain.store.keys.insert(row)
  recordChange(domain, 'key', 'created', row.id)
  return { ...toKey(row), key }
}

export function deleteKey(domain: Domain, id: string): void {
  if (!domain.store.keys.remove(id)) throw new AppError('NOT_FOUND', `There is no key ${id}`)
  recordChange(domain, 'key', 'deleted', id)
}

export function principalOfKey(domain: Domain, token: string): Principal | null {
  const now = domain.clock.now()
  const row = domain.store.keys.byHash(hashToken(token))
  if (!row || (row.expires_at !== null && row.expires_at <= now)) return null
  if (row.last_used_at === null || now - row.last_used_at > touchEveryMs)
    void domain.store.writer.write(() => domain.store.keys.used(row.id, now)).catch(() => undefined)
  return { kind: 'key', id: `key:${row.id}`, name: row.name, scopes: scopesOf(row) }
}
