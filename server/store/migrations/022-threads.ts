import type { Migration } from './migration.ts'

/** What a message answers, and what it belongs together with: the thread of what it answers, else its task, its run, itself. */
export const threads: Migration = {
  sql: `
ALTER TABLE messages ADD COLUMN reply_to TEXT;
ALTER TABLE messages ADD COLUMN thread TEXT NOT NULL DEFAULT '';
UPDATE messages SET thread = coalesce(task_id, run_id, id);
CREATE INDEX messages_by_thread ON messages (thread, number);
`
}
