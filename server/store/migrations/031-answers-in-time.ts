import type { Migration } from './migration.ts'

/** What a run asks may have to be answered in time. What flows ask had to be before: the time stood in its input. */
export const answersInTime: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN answer_seconds INTEGER;
ALTER TABLE approvals ADD COLUMN expires_at INTEGER;
UPDATE approvals SET expires_at = CAST(strftime('%s', input ->> '$.expiresAt') AS INTEGER) * 1000 WHERE kind = 'flow';
CREATE INDEX approvals_expiring ON approvals (expires_at) WHERE status = 'pending' AND expires_at IS NOT NULL AND run <> 0;
`
}
