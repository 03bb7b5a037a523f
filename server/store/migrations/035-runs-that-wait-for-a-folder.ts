import type { Migration } from './migration.ts'

/** A run may wait until nobody else works in its folder. */
export const runsThatWaitForAFolder: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN alone_in TEXT;
CREATE INDEX runs_waiting_for_folder ON runs (number) WHERE status = 'QUEUED' AND alone_in IS NOT NULL;
`
}
