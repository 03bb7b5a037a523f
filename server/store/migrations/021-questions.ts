import type { Migration } from './migration.ts'

/** Runners say what they can be asked. What was asked of one before is waited for by nobody. */
export const questions: Migration = {
  sql: `
ALTER TABLE runners ADD COLUMN questions TEXT NOT NULL DEFAULT '[]';
DELETE FROM commands WHERE json_extract(body, '$.type') = 'checkMcp';
`
}
