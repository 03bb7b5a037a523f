import type { Migration } from './migration.ts'

/** Some agents can only be told yes or no to what they asked. */
export const editableApprovals: Migration = {
  sql: 'ALTER TABLE approvals ADD COLUMN editable INTEGER NOT NULL DEFAULT 1;'
}
