import type { Migration } from './migration.ts'

/** Agents and what belongs to them: tasks, messages, secrets, MCP servers, usage by day. */
export const fleet: Migration = {
  sql: `
CREATE TABLE agents (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL,
  description TEXT NOT NULL,
  glyph TEXT,
  team TEXT,
  manager_id TEXT,
  tags TEXT NOT NULL,
  capabilities TEXT NOT NULL,
  provider TEXT,
  model TEXT,
  fallback_models TEXT NOT NULL,
  runtime TEXT,
  place TEXT NOT NULL,
  cwd TEXT,
  permission_mode TEXT NOT NULL,
  allowed_tools TEXT NOT NULL,
  limits TEXT NOT NULL,
  instructions TEXT NOT NULL,
  mcp_ids TEXT,
  system INTEGER NOT NULL DEFAULT 0,
  owner_id TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'active',
  state_reason TEXT,
  state_since INTEGER NOT NULL,
  session_run_id TEXT,
  runs INTEGER NOT NULL DEFAULT 0,
  succeeded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  recent TEXT NOT NULL DEFAULT '',
  queued INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  activity_since INTEGER,
  last_active_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agents_by_state ON agents (state, number);
CREATE INDEX agents_by_manager ON agents (manager_id) WHERE manager_id IS NOT NULL;
CREATE TABLE agent_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER agents_count_insert AFTER INSERT ON agents BEGIN
  INSERT INTO agent_counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER agents_count_move AFTER UPDATE OF state ON agents WHEN old.state <> new.state BEGIN
  UPDATE agent_counts SET count = count - 1 WHERE state = old.state;
  INSERT INTO agent_counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET count = count + 1;
END;

CREATE TABLE epics (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  color TEXT,
  tasks INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tasks (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  input TEXT NOT NULL,
  status TEXT NOT NULL,
  status_since INTEGER NOT NULL,
  priority TEXT NOT NULL,
  assignee_id TEXT,
  requester_id TEXT,
  epic_id TEXT,
  run_id TEXT,
  output TEXT,
  error TEXT,
  tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX tasks_by_status ON tasks (status, number);
CREATE INDEX tasks_by_assignee ON tasks (assignee_id, number);
CREATE INDEX tasks_by_epic ON tasks (epic_id, number) WHERE epic_id IS NOT NULL;
CREATE TABLE task_counts (status TEXT NOT NULL, assignee_id TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (status, assignee_id)) STRICT, WITHOUT ROWID;
CREATE TRIGGER tasks_count_insert AFTER INSERT ON tasks BEGIN
  INSERT INTO task_counts VALUES (new.status, coalesce(new.assignee_id, ''), 1)
    ON CONFLICT (status, assignee_id) DO UPDATE SET count = count + 1;
  UPDATE epics SET tasks = tasks + 1, done = done + (new.status = 'done') WHERE id = new.epic_id;
END;
CREATE TRIGGER tasks_count_move AFTER UPDATE OF status, assignee_id, epic_id ON tasks BEGIN
  UPDATE task_counts SET count = count - 1
    WHERE status = old.status AND assignee_id = coalesce(old.assignee_id, '');
  INSERT INTO task_counts VALUES (new.status, coalesce(new.assignee_id, ''), 1)
    ON CONFLICT (status, assignee_id) DO UPDATE SET count = count + 1;
  UPDATE epics SET tasks = tasks - 1, done = done - (old.status = 'done') WHERE id = old.epic_id;
  UPDATE epics SET tasks = tasks + 1, done = done + (new.status = 'done') WHERE id = new.epic_id;
END;
CREATE TRIGGER tasks_count_delete AFTER DELETE ON tasks BEGIN
  UPDATE task_counts SET count = count - 1
    WHERE status = old.status AND assignee_id = coalesce(old.assignee_id, '');
  UPDATE epics SET tasks = tasks - 1, done = done - (old.status = 'done') WHERE id = old.epic_id;
END;
CREATE TABLE task_dependencies (task_id TEXT NOT NULL, needs_id TEXT NOT NULL,
  PRIMARY KEY (task_id, needs_id)) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependents ON task_dependencies (needs_id);
CREATE TABLE task_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL,
  ts INTEGER NOT NULL,
  type TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX task_log_by_task ON task_log (task_id, id);

CREATE TABLE messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  sender TEXT,
  receiver TEXT,
  task_id TEXT,
  run_id TEXT,
  text TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_type ON messages (type, number);
CREATE INDEX messages_by_sender ON messages (sender, number);
CREATE INDEX messages_by_receiver ON messages (receiver, number);
CREATE INDEX messages_by_time ON messages (created_at);

CREATE TABLE secrets (
  key TEXT NOT NULL,
  scope TEXT NOT NULL,
  agent_id TEXT NOT NULL DEFAULT '',
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (key, scope, agent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mcps (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  transport TEXT NOT NULL,
  command TEXT,
  args TEXT NOT NULL,
  url TEXT,
  env_keys TEXT NOT NULL,
  header_keys TEXT NOT NULL,
  sealed BLOB NOT NULL,
  status TEXT NOT NULL DEFAULT 'unknown',
  detail TEXT,
  checked_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN task_id TEXT;
ALTER TABLE runs ADD COLUMN instructions TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN allowed_tools TEXT NOT NULL DEFAULT '[]';
CREATE TRIGGER runs_agent_insert AFTER INSERT ON runs WHEN new.agent_id IS NOT NULL BEGIN
  UPDATE agents SET queued = queued + 1, activity_since = new.status_since, last_active_at = new.created_at
    WHERE id = new.agent_id;
END;
CREATE TRIGGER runs_agent_move AFTER UPDATE OF status ON runs
  WHEN old.status <> new.status AND new.agent_id IS NOT NULL BEGIN
  UPDATE agents SET
    queued = queued + (new.status IN ('QUEUED', 'CLAIMED')) - (old.status IN ('QUEUED', 'CLAIMED')),
    running = running + (new.status = 'RUNNING') - (old.status = 'RUNNING'),
    waiting = waiting + (new.status = 'WAITING') - (old.status = 'WAITING'),
    activity_since = new.status_since,
    last_active_at = new.status_since
    WHERE id = new.agent_id;
END;
CREATE INDEX runs_by_agent ON runs (agent_id, number) WHERE agent_id IS NOT NULL;
CREATE INDEX runs_by_task ON runs (task_id, number) WHERE task_id IS NOT NULL;

CREATE TABLE usage_daily (
  day TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  runs INTEGER NOT NULL DEFAULT 0,
  succeeded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  busy_ms INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cache_read_tokens INTEGER NOT NULL DEFAULT 0,
  cache_write_tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL NOT NULL DEFAULT 0,
  unpriced INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (day, agent_id, provider, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_by_agent ON usage_daily (agent_id, day);
`
}
