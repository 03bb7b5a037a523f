import type { Migration } from './migration.ts'

/** Who did what, chained by hashes; `audit_head` is the end of the chain, sealed, so that a cut tail is noticed. */
export const audit: Migration = {
  sql: `
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  ts INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  ip TEXT,
  via TEXT NOT NULL,
  action TEXT NOT NULL,
  noun TEXT NOT NULL,
  target TEXT NOT NULL,
  agent_id TEXT,
  outcome TEXT NOT NULL,
  before TEXT,
  after TEXT,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (ts);
CREATE INDEX audit_by_actor ON audit (actor_id, seq);
CREATE INDEX audit_by_agent ON audit (agent_id, seq) WHERE agent_id IS NOT NULL;
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  seal BLOB NOT NULL
) STRICT;
`
}
