import type { Database } from './database.ts'

export interface IdempotencyRow {
  principal: string
  key: string
  fingerprint: string
  status: number
  body: string
  created_at: number
}

export function idempotencyStore(db: Database) {
  const find = db.prepare<[string, string], IdempotencyRow>('SELECT * FROM idempotency WHERE principal = ? AND key = ?')
  const insert = db.prepare(
    'INSERT INTO idempotency VALUES (@principal, @key, @fingerprint, @status, @body, @created_at)'
  )
  const removeOlder = db.prepare('DELETE FROM idempotency WHERE created_at < ?')
  return {
    find: (principal: string, key: string) => find.get(principal, key),
    insert: (row: IdempotencyRow) => insert.run(row),
    removeOlder: (than: number) => removeOlder.run(than)
  }
}
