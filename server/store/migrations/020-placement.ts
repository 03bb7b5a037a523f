import type { Migration } from './migration.ts'

/**
 * What decides who takes a run. A queued run that is not pinned has no runner. `deleted` by a person the row stays, so
 * that the same folder coming back is the same runner. `process`: of the runner process that registered last.
 */
export const placement: Migration = {
  sql: `
ALTER TABLE runners ADD COLUMN state TEXT NOT NULL DEFAULT 'known';
ALTER TABLE runners ADD COLUMN process TEXT;
ALTER TABLE runners ADD COLUMN places TEXT NOT NULL DEFAULT '["host"]';
ALTER TABLE runners ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE runs ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
UPDATE runs SET runner_id = NULL WHERE status = 'QUEUED' AND pinned = 0;
`
}
