import type { Database } from './database.ts'

export interface SessionRow {
  hash: string
  created_at: number
  last_used_at: number
  expires_at: number
}

export type SessionStore = ReturnType<typeof sessionStore>

export function sessionStore(db: Database) {
  const byHash = db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE hash = ?')
  const insert = db.prepare(
    'INSERT INTO sessions (hash, created_at, last_used_at, expires_at) VALUES (@hash, @created_at, @last_used_at, @expires_at)'
  )
  const used = db.prepare('UPDATE sessions SET last_used_at = ?, expires_at = ? WHERE hash = ?')
  const remove = db.prepare('DELETE FROM sessions WHERE hash = ?')
  const removeExpired = db.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  return {
    byHash: (hash: string) => byHash.get(hash),
    insert: (row: SessionRow) => insert.run(row),
    used: (hash: string, now: number, expiresAt: number) => used.run(now, expiresAt, hash),
    remove: (hash: string) => remove.run(hash),
    removeExpired: (now: number) => removeExpired.run(now)
  }
}
