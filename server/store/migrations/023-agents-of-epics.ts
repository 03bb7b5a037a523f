import type { Migration } from './migration.ts'

/** Which agents have open tasks of an epic, from the index alone. */
export const agentsOfEpics: Migration = {
  sql: `
CREATE INDEX tasks_open_by_epic ON tasks (epic_id, assignee_id)
  WHERE epic_id IS NOT NULL AND assignee_id IS NOT NULL AND status IN ('pending', 'running', 'waiting');
`
}
