import type { Migration } from './migration.ts'

/** What is demo data, so that it can be removed to the last row, and nothing else with it. */
export const demo: Migration = {
  sql: `
CREATE TABLE demo (noun TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (noun, id)) STRICT, WITHOUT ROWID;
CREATE TRIGGER agents_count_delete AFTER DELETE ON agents BEGIN
  UPDATE agent_counts SET count = count - 1 WHERE state = old.state;
END;
`
}
