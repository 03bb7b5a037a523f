import type { Migration } from './migration.ts'

/**
 * Flows, what starts them, and one row for each time that they were to start. What is to be done at a time has it in
 * `next_at` or `wake_at`, so that a look at one index tells when that is. What a flow asked goes with the row that it asked for.
 */
export const flows: Migration = {
  sql: `
CREATE TABLE flows (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  prompt TEXT NOT NULL,
  variables TEXT NOT NULL,
  icon TEXT,
  agent_id TEXT NOT NULL,
  model TEXT,
  mcp_ids TEXT,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT,
  status_since INTEGER NOT NULL,
  catch_up TEXT NOT NULL,
  catch_up_max INTEGER NOT NULL,
  overlap TEXT NOT NULL,
  max_parallel INTEGER NOT NULL,
  retries INTEGER NOT NULL,
  retry_delay_seconds INTEGER NOT NULL,
  timeout_seconds INTEGER,
  approval_minutes INTEGER NOT NULL,
  pause_after_failures INTEGER,
  human_minutes INTEGER,
  pre_check TEXT,
  check_seen TEXT,
  owner_id TEXT NOT NULL,
  recent TEXT NOT NULL DEFAULT '',
  runs INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  streak INTEGER NOT NULL DEFAULT 0,
  last_run_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX flows_by_agent ON flows (agent_id);
CREATE INDEX flows_by_owner ON flows (owner_id);
CREATE TABLE flow_triggers (
  id TEXT PRIMARY KEY,
  flow_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  config TEXT NOT NULL,
  source_flow_id TEXT,
  sealed BLOB,
  next_at INTEGER,
  seen TEXT,
  looked_at INTEGER,
  problem TEXT,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX flow_triggers_by_flow ON flow_triggers (flow_id, position);
CREATE INDEX flow_triggers_by_source ON flow_triggers (source_flow_id) WHERE source_flow_id IS NOT NULL;
CREATE INDEX flow_triggers_due ON flow_triggers (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE flow_ticks (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  flow_id TEXT NOT NULL,
  trigger_id TEXT,
  origin TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason_code TEXT,
  reason TEXT,
  missed INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  given TEXT NOT NULL,
  run_id TEXT,
  approval_id TEXT,
  wake_at INTEGER,
  result TEXT,
  tokens INTEGER,
  cost_usd REAL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX flow_ticks_by_flow ON flow_ticks (flow_id, number);
CREATE INDEX flow_ticks_open ON flow_ticks (flow_id, number) WHERE ended_at IS NULL;
CREATE INDEX flow_ticks_by_run ON flow_ticks (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX flow_ticks_due ON flow_ticks (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX flow_ticks_by_end ON flow_ticks (ended_at) WHERE ended_at IS NOT NULL;
CREATE TRIGGER flow_ticks_ask AFTER DELETE ON flow_ticks WHEN old.approval_id IS NOT NULL BEGIN
  DELETE FROM approvals WHERE id = old.approval_id;
END;
CREATE UNIQUE INDEX flow_ticks_once ON flow_ticks (trigger_id, due_at) WHERE origin = 'schedule';
CREATE TABLE webhook_messages (
  trigger_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (trigger_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_messages_by_time ON webhook_messages (received_at);
ALTER TABLE runs ADD COLUMN flow_id TEXT;
ALTER TABLE runs ADD COLUMN mcp_ids TEXT;
CREATE INDEX runs_by_flow ON runs (flow_id, number) WHERE flow_id IS NOT NULL;
ALTER TABLE approvals ADD COLUMN flow_id TEXT;
ALTER TABLE approvals ADD COLUMN flow_tick_id TEXT;
CREATE INDEX approvals_by_flow ON approvals (flow_id) WHERE flow_id IS NOT NULL;
`
}
