import type { Migration } from './migration.ts'

/** Times are milliseconds since 1970 UTC. `body` and JSON columns hold text that is stored verbatim. */
export const initial: Migration = {
  sql: `
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  status_reason TEXT,
  status_since INTEGER NOT NULL,
  input TEXT NOT NULL,
  cwd TEXT,
  permission_mode TEXT NOT NULL,
  model TEXT,
  runtime TEXT NOT NULL,
  command TEXT,
  agent_id TEXT,
  runner_id TEXT,
  pinned INTEGER NOT NULL,
  place TEXT NOT NULL,
  parent_run_id TEXT,
  root_run_id TEXT NOT NULL,
  retry_of TEXT,
  fork INTEGER NOT NULL,
  session_id TEXT,
  resume_session_id TEXT,
  trigger TEXT NOT NULL,
  result TEXT,
  error_code TEXT,
  error_message TEXT,
  stopping TEXT NOT NULL DEFAULT 'no',
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cache_read_tokens INTEGER NOT NULL DEFAULT 0,
  cache_write_tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  context_used INTEGER,
  context_max INTEGER,
  timeout_seconds INTEGER,
  waited_ms INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  acked INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  accepts_input INTEGER NOT NULL DEFAULT 1,
  last_seq INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX runs_by_status ON runs (status, number);
CREATE INDEX runs_by_runtime ON runs (runtime, number);
CREATE INDEX runs_by_root ON runs (root_run_id, number);
CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX runs_by_retry ON runs (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX runs_by_session ON runs (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX runs_queued ON runs (runner_id, number) WHERE status = 'QUEUED';
CREATE INDEX runs_leased ON runs (lease_until) WHERE status IN ('CLAIMED', 'RUNNING', 'WAITING');
CREATE INDEX runs_held ON runs (runner_id) WHERE status IN ('CLAIMED', 'RUNNING', 'WAITING');

CREATE TABLE run_counts (status TEXT NOT NULL, runtime TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (status, runtime)) STRICT, WITHOUT ROWID;
CREATE TRIGGER runs_count_insert AFTER INSERT ON runs BEGIN
  INSERT INTO run_counts VALUES (new.status, new.runtime, 1)
    ON CONFLICT (status, runtime) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER runs_count_move AFTER UPDATE OF status ON runs WHEN old.status <> new.status BEGIN
  UPDATE run_counts SET count = count - 1 WHERE status = old.status AND runtime = old.runtime;
  INSERT INTO run_counts VALUES (new.status, new.runtime, 1)
    ON CONFLICT (status, runtime) DO UPDATE SET count = count + 1;
END;

CREATE TABLE events (run INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID;

CREATE TABLE file_changes (
  run INTEGER NOT NULL,
  path TEXT NOT NULL,
  position INTEGER NOT NULL,
  created INTEGER NOT NULL,
  added INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  edits INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE inputs (
  run INTEGER NOT NULL,
  n INTEGER NOT NULL,
  position REAL NOT NULL,
  text TEXT NOT NULL,
  status TEXT NOT NULL,
  turn INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  run INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  tool TEXT NOT NULL,
  tool_use_id TEXT,
  title TEXT NOT NULL,
  subject TEXT NOT NULL,
  input TEXT NOT NULL,
  reason TEXT,
  status TEXT NOT NULL,
  scope TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  deny_reason TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (run, attempt, key)
) STRICT;
CREATE INDEX approvals_by_status ON approvals (status, number);
CREATE INDEX approvals_by_run ON approvals (run, status);
CREATE TABLE approval_counts (status TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER approvals_count_insert AFTER INSERT ON approvals BEGIN
  INSERT INTO approval_counts VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER approvals_count_move AFTER UPDATE OF status ON approvals WHEN old.status <> new.status BEGIN
  UPDATE approval_counts SET count = count - 1 WHERE status = old.status;
  INSERT INTO approval_counts VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;
END;
CREATE TABLE approval_rules (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  tool TEXT NOT NULL,
  pattern TEXT NOT NULL,
  exact INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX approval_rules_by_run ON approval_rules (run, tool);

CREATE TABLE runners (
  id TEXT PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,
  incarnation TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  hostname TEXT NOT NULL,
  platform TEXT NOT NULL,
  version TEXT NOT NULL,
  online INTEGER NOT NULL,
  status_since INTEGER NOT NULL,
  allowed_dirs TEXT NOT NULL,
  runtimes TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  last_heartbeat_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  runner_id TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX commands_by_runner ON commands (runner_id, id);

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  style TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  ts INTEGER NOT NULL,
  noun TEXT NOT NULL,
  op TEXT NOT NULL,
  id TEXT NOT NULL
) STRICT;

CREATE TABLE idempotency (
  principal TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
`
}
