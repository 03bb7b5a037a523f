import type { Migration } from './migration.ts'

/** What a run of a flow is worth stays with the run, whatever the flow says later. */
export const worthOfRuns: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN human_minutes INTEGER;
ALTER TABLE usage_daily ADD COLUMN valued INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_daily ADD COLUMN human_minutes INTEGER NOT NULL DEFAULT 0;
`
}
