import type { Migration } from './migration.ts'

/** What people decided about settings that lie in folders, by their content; and whether a run may ask for it. */
export const folderTrust: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN trust TEXT NOT NULL DEFAULT 'ask';
UPDATE runs SET trust = 'never' WHERE trigger = 'task';
CREATE TABLE folder_trust (
  approval_id TEXT PRIMARY KEY,
  runner_id TEXT NOT NULL,
  folder TEXT NOT NULL,
  runtime TEXT NOT NULL,
  content TEXT NOT NULL,
  allowed INTEGER NOT NULL,
  question TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX folder_trust_by_folder ON folder_trust (folder, runtime, runner_id, decided_at);
`
}
