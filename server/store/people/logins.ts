import type { Role } from '#contract/people/users'
import { insertRow } from '../columns.ts'
import type { Database } from '../database.ts'

export interface LoginRow {
  id: string
  user_id: string
  kind: 'cookie' | 'token'
  /** Of the secret in the cookie; a token is known by its id. */
  hash: string | null
  face: string
  /** What signed in, as it called itself; '' when it did not say. */
  client: string
  ip: string
  created_at: number
  last_used_at: number
  expires_at: number
}

/** A login with what its person is by now. */
export type LiveLogin = LoginRow & { user_name: string; user_role: Role }

const columns = [
  'id',
  'user_id',
  'kind',
  'hash',
  'face',
  'client',
  'ip',
  'created_at',
  'last_used_at',
  'expires_at'
] as const

export function loginStore(db: Database) {
  const live = 'SELECT s.*, u.name AS user_name, u.role AS user_role FROM sessions s JOIN users u ON u.id = s.user_id'
  const byHash = db.prepare<[string], LiveLogin>(`${live} WHERE s.hash = ?`)
  const byId = db.prepare<[string], LiveLogin>(`${live} WHERE s.id = ?`)
  const ofUser = db.prepare<[string, number], LoginRow>(
    'SELECT * FROM sessions WHERE user_id = ? AND expires_at > ? ORDER BY created_at DESC, id DESC'
  )
  const used = db.prepare('UPDATE sessions SET last_used_at = ?, expires_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM sessions WHERE id = ?')
  const removeExpired = db.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  return {
    insert: insertRow<LoginRow>(db, 'sessions', columns),
    byHash: (hash: string) => byHash.get(hash),
    byId: (id: string) => byId.get(id),
    /** Newest first; none that has expired. */
    ofUser: (userId: string, now: number) => ofUser.all(userId, now),
    used: (id: string, now: number, expiresAt: number) => used.run(now, expiresAt, id),
    remove: (id: string) => remove.run(id).changes > 0,
    removeExpired: (now: number) => removeExpired.run(now)
  }
}
