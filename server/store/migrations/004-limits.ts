import type { Migration } from './migration.ts'

/** Requests counted by cells of a limit's window, for windows that must survive a restart. */
export const limits: Migration = {
  sql: `
CREATE TABLE limit_counts (
  limit_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  cell INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (limit_id, subject, cell)
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_counts_by_age ON limit_counts (limit_id, cell);
`
}
