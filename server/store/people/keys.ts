import { z } from 'zod'
import { type Key, keyScopes } from '#contract/people/keys'
import type { Role } from '#contract/people/users'
import { insertRow, iso, isoOrNull } from '../columns.ts'
import type { Database } from '../database.ts'

export interface KeyRow {
  id: string
  user_id: string
  name: string
  style: string
  prefix: string
  hash: string
  scopes: string
  created_at: number
  last_used_at: number | null
  expires_at: number | null
}

/** A key with what its person is by now. */
export type LiveKey = KeyRow & { user_role: Role }

const columns = [
  'id',
  'user_id',
  'name',
  'style',
  'prefix',
  'hash',
  'scopes',
  'created_at',
  'last_used_at',
  'expires_at'
] as const

export function keyStore(db: Database) {
  const all = db.prepare<[], KeyRow>('SELECT * FROM keys ORDER BY created_at DESC, id DESC')
  const ofUser = db.prepare<[string], KeyRow>('SELECT * FROM keys WHERE user_id = ? ORDER BY created_at DESC, id DESC')
  const byId = db.prepare<[string], KeyRow>('SELECT * FROM keys WHERE id = ?')
  const live = 'SELECT k.*, u.role AS user_role FROM keys k JOIN users u ON u.id = k.user_id'
  const byHash = db.prepare<[string], LiveKey>(`${live} WHERE k.hash = ?`)
  const byIdLive = db.prepare<[string], LiveKey>(`${live} WHERE k.id = ?`)
  const countOfStyle = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM keys WHERE style = ?')
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM keys')
  const used = db.prepare('UPDATE keys SET last_used_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM keys WHERE id = ?')
  return {
    insert: insertRow<KeyRow>(db, 'keys', columns),
    all: () => all.all(),
    ofUser: (userId: string) => ofUser.all(userId),
    byId: (id: string) => byId.get(id),
    byHash: (hash: string) => byHash.get(hash),
    byIdLive: (id: string) => byIdLive.get(id),
    count: () => count.get()?.n ?? 0,
    countOfStyle: (style: string) => countOfStyle.get(style)?.n ?? 0,
    used: (id: string, now: number) => used.run(now, id),
    remove: (id: string) => remove.run(id).changes > 0
  }
}

const scopeList = z.array(z.enum(keyScopes))

export function scopesOf(row: KeyRow): Key['scopes'] {
  return scopeList.parse(JSON.parse(row.scopes))
}

export function toKey(row: KeyRow): Key {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    style: row.style,
    prefix: row.prefix,
    scopes: scopesOf(row),
    createdAt: iso(row.created_at),
    lastUsedAt: isoOrNull(row.last_used_at),
    expiresAt: isoOrNull(row.expires_at)
  }
}
