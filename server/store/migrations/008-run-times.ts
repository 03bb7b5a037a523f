import type { Migration } from './migration.ts'

/** Where the time of a run went, counted as its events come, so that nobody has to read them all. */
export const runTimes: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN tools_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN tools_open TEXT;
`
}
