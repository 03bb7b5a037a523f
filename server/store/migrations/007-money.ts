import type { Migration } from './migration.ts'

/**
 * Estimated costs, budgets with their counters, and what the last runs of an agent were like. In `usage_daily` the agent `*`
 * stands for all of them together, so that figures of the fleet do not grow with its agents.
 */
export const money: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN cost_estimated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN stop_reason TEXT;
ALTER TABLE agents ADD COLUMN budget_note TEXT;
ALTER TABLE agents ADD COLUMN budget_note_until INTEGER;

ALTER TABLE usage_daily ADD COLUMN estimated_usd REAL NOT NULL DEFAULT 0;
INSERT INTO usage_daily (day, agent_id, provider, model, runs, succeeded, failed, busy_ms, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, cost_usd, unpriced)
  SELECT day, '*', provider, model, sum(runs), sum(succeeded), sum(failed), sum(busy_ms), sum(input_tokens),
    sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(cost_usd), sum(unpriced)
  FROM usage_daily GROUP BY day, provider, model;

CREATE TABLE agent_recent (agent_id TEXT PRIMARY KEY, runs TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE budgets (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  agent_id TEXT NOT NULL,
  unit TEXT NOT NULL,
  period TEXT NOT NULL,
  amount INTEGER NOT NULL,
  action TEXT NOT NULL,
  threshold REAL NOT NULL,
  source TEXT NOT NULL,
  since INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  reserved INTEGER NOT NULL DEFAULT 0,
  unpriced INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'ok',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX budgets_by_agent ON budgets (agent_id);
CREATE TABLE budget_reservations (run INTEGER NOT NULL, budget INTEGER NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (run, budget)) STRICT, WITHOUT ROWID;
`
}
