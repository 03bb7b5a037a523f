import type { Migration } from './migration.ts'

/** A decision of a window is told to its agent a little later; a request knows whose it is. */
export const heldAnswers: Migration = {
  sql: `
ALTER TABLE approvals ADD COLUMN held_until INTEGER;
ALTER TABLE approvals ADD COLUMN held_answer TEXT;
ALTER TABLE approvals ADD COLUMN agent_id TEXT;
ALTER TABLE approvals ADD COLUMN agent_name TEXT;
CREATE INDEX approvals_held ON approvals (held_until) WHERE held_until IS NOT NULL;
UPDATE approvals SET agent_id = (SELECT agent_id FROM runs WHERE runs.number = approvals.run);
UPDATE approvals SET agent_name = (SELECT name FROM agents WHERE agents.id = approvals.agent_id)
WHERE agent_id IS NOT NULL;`
}
