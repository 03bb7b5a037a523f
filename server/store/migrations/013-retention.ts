import type { Migration } from './migration.ts'

/**
 * Runs can be deleted, and their events let go. What was let go lies in `sweeps` until the last of its rows is gone, since a
 * run may have more events than one transaction should delete. Messages are counted, now that the newest number no longer
 * tells how many there are.
 */
export const retention: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN events_removed_at INTEGER;
CREATE INDEX runs_by_end ON runs (ended_at, number) WHERE ended_at IS NOT NULL;
CREATE TABLE sweeps (run INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER runs_count_delete AFTER DELETE ON runs BEGIN
  UPDATE run_counts SET count = count - 1 WHERE status = old.status AND runtime = old.runtime;
END;
CREATE TRIGGER approvals_count_delete AFTER DELETE ON approvals BEGIN
  UPDATE approval_counts SET count = count - 1 WHERE status = old.status;
END;
CREATE TABLE message_counts (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL) STRICT;
INSERT INTO message_counts SELECT 1, count(*) FROM messages;
CREATE TRIGGER messages_count_insert AFTER INSERT ON messages BEGIN
  UPDATE message_counts SET count = count + 1;
END;
CREATE TRIGGER messages_count_delete AFTER DELETE ON messages BEGIN
  UPDATE message_counts SET count = count - 1;
END;
`
}
