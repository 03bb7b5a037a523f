import type { Migration } from './migration.ts'

/** What a runtime says of a session in all, so that a run that continues it pays its own part; servers that hang. */
export const totalsOfSessions: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN session_totals TEXT;
ALTER TABLE mcps ADD COLUMN hangs INTEGER NOT NULL DEFAULT 0;
`
}
