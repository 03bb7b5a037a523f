import type { Migration } from './migration.ts'

/** The person whose this computer is; everything made before there were people is theirs. */
const owner = '00000000-0000-7000-8000-000000000001'

/** People, their sessions, and whose a thing is. A session is a browser's cookie or a token that was handed out. */
export const people: Migration = {
  sql: `
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT,
  totp_sealed BLOB,
  totp_confirmed_at INTEGER,
  totp_last_step INTEGER NOT NULL DEFAULT 0,
  last_login_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO users (id, email, name, role, created_at, updated_at)
  VALUES ('${owner}', 'owner@localhost', 'owner', 'owner', unixepoch() * 1000, unixepoch() * 1000);
CREATE TABLE recovery_codes (user_id TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (user_id, hash)) STRICT, WITHOUT ROWID;

ALTER TABLE keys ADD COLUMN user_id TEXT NOT NULL DEFAULT '${owner}';
CREATE INDEX keys_by_user ON keys (user_id);

CREATE TABLE people_sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  hash TEXT UNIQUE,
  face TEXT NOT NULL,
  client TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO people_sessions
  SELECT substr(hash, 1, 8) || '-' || substr(hash, 9, 4) || '-4' || substr(hash, 14, 3) || '-8' || substr(hash, 18, 3)
    || '-' || substr(hash, 21, 12), '${owner}', 'cookie', hash, 'native', '', '', created_at, last_used_at, expires_at
  FROM sessions;
DROP TABLE sessions;
ALTER TABLE people_sessions RENAME TO sessions;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

UPDATE agents SET owner_id = '${owner}';
CREATE INDEX agents_by_owner ON agents (owner_id);
ALTER TABLE runs ADD COLUMN owner_id TEXT NOT NULL DEFAULT '${owner}';
CREATE INDEX runs_by_owner ON runs (owner_id, number);
ALTER TABLE tasks ADD COLUMN owner_id TEXT NOT NULL DEFAULT '${owner}';
CREATE INDEX tasks_by_owner ON tasks (owner_id, number);
`
}
