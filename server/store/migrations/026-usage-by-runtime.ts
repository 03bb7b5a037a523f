import type { Migration } from './migration.ts'

const sums = ['runs', 'succeeded', 'failed', 'busy_ms']
const tokens = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens']
const whole = [...sums, ...tokens, 'unpriced']
const usd = ['cost_usd', 'estimated_usd']
const columns = ['day', 'agent_id', 'provider', 'model', 'runtime', ...whole, ...usd].join()
/** The largest number that clients can count with. */
const largest = Number.MAX_SAFE_INTEGER

/**
 * Figures are kept by runtime too. What was counted before is of the runtime that all runs of its line have which are still there; of
 * several, or of none that is left, it stays unsaid: ''.
 */
export const usageByRuntime: Migration = {
  sql: `
CREATE TABLE usage_by_runtime (
  day TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  runtime TEXT NOT NULL,
  ${whole.map(name => `${name} INTEGER NOT NULL DEFAULT 0,`).join('\n  ')}
  ${usd.map(name => `${name} REAL NOT NULL DEFAULT 0,`).join('\n  ')}
  PRIMARY KEY (day, agent_id, provider, model, runtime)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_by_runtime (${columns})
  SELECT u.day, u.agent_id, u.provider, u.model, coalesce(k.runtime, ''), ${[...whole, ...usd].map(name => `u.${name}`).join()}
  FROM usage_daily u LEFT JOIN (
    SELECT date(ended_at / 1000, 'unixepoch') AS day, coalesce(agent_id, '') AS agent_id, provider,
      coalesce(model, '') AS model, min(runtime) AS runtime
    FROM runs WHERE ended_at IS NOT NULL AND provider IS NOT NULL
    GROUP BY 1, 2, 3, 4 HAVING min(runtime) = max(runtime)
  ) k ON k.day = u.day AND k.agent_id = u.agent_id AND k.provider = u.provider AND k.model = u.model
  WHERE u.agent_id <> '*';

INSERT INTO usage_by_runtime (${columns})
  SELECT day, '*', provider, model, runtime,
    ${[...whole.map(name => `CAST(min(total(${name}), ${largest}) AS INTEGER)`), ...usd.map(name => `total(${name})`)].join(',\n    ')}
  FROM usage_by_runtime GROUP BY day, provider, model, runtime;

DROP TABLE usage_daily;
ALTER TABLE usage_by_runtime RENAME TO usage_daily;
CREATE INDEX usage_by_agent ON usage_daily (agent_id, day);
`
}
