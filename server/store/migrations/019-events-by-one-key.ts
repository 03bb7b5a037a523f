import type { Migration } from './migration.ts'

/**
 * Events lie under one number, made of their run and their seq, in an ordinary table. Without row ids whatever is longer than a quarter
 * of a page gets a page of its own, which for events of 1.3 KB wrote and kept three times as much.
 */
export const eventsByOneKey: Migration = {
  sql: `
CREATE TABLE events_by_key (
  id INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  run INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
  seq INTEGER GENERATED ALWAYS AS (id & 4294967295) VIRTUAL
) STRICT;
INSERT INTO events_by_key (id, body) SELECT (run << 32) | seq, body FROM events ORDER BY run, seq;
DROP TABLE events;
ALTER TABLE events_by_key RENAME TO events;
`
}
