import type { Migration } from './index.ts'

/** A decision of a window is told to its agent a little later. */
export const heldAnswers: Migration = {
  sql: `
ALTER TABLE approvals ADD COLUMN held_until INTEGER;
ALTER TABLE approvals ADD COLUMN held_answer TEXT;
CREATE INDEX approvals_held ON approvals (held_until) WHERE held_until IS NOT NULL;`
}
