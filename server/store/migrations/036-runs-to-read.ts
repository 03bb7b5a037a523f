import type { Migration } from './migration.ts'

/**
 * Runs that said something, or lost what they said, since the search index last read them. 0 stands for all that was there
 * before the index.
 */
export const runsToRead: Migration = {
  sql: `
CREATE TABLE runs_to_read (run INTEGER PRIMARY KEY) STRICT;
INSERT INTO runs_to_read SELECT 0 WHERE EXISTS (SELECT 1 FROM runs);
`
}
