import type { Migration } from './migration.ts'

/** What the agent of a run left on purpose and still lives, as JSON. */
export const runDaemons: Migration = {
  sql: "ALTER TABLE runs ADD COLUMN daemons TEXT NOT NULL DEFAULT '[]'"
}
