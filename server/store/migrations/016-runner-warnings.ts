import type { Migration } from './migration.ts'

/** What a runner says of itself beside its runtimes, as JSON. */
export const runnerWarnings: Migration = {
  sql: "ALTER TABLE runners ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]'"
}
