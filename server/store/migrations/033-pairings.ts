import type { Migration } from './migration.ts'

/** Codes by which machines join: what is kept of one is its hash, whose it is, and what became of it. */
export const pairings: Migration = {
  sql: `
CREATE TABLE pairings (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  name TEXT,
  address TEXT NOT NULL,
  pinned INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  used_by TEXT,
  identity TEXT,
  key_id TEXT
) STRICT, WITHOUT ROWID;
`
}
