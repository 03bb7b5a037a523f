import type { Database } from '../database.ts'

/** Everything, or what one person may see. */
export type Sight = 'everything' | { userId: string }

/** Agents of a person; those that are shared with them would join here, and all that hangs on them follows. */
const agents = '(SELECT id FROM agents WHERE owner_id = ?)'
const runs = `(SELECT id FROM runs WHERE owner_id = ? OR agent_id IN ${agents})`
const flows = `(SELECT id FROM flows WHERE owner_id = ? OR agent_id IN ${agents})`
const tasks = `(SELECT id FROM tasks WHERE owner_id = ? OR assignee_id IN ${agents} OR requester_id IN ${agents})`

/** What of a table is a person's to see, as a condition on its rows; each `?` is the person's id. */
const conditions = {
  agents: `id IN ${agents}`,
  runs: `(owner_id = ? OR agent_id IN ${agents})`,
  approvals: `(run_id IN ${runs} OR flow_id IN ${flows})`,
  flows: `(owner_id = ? OR agent_id IN ${agents})`,
  tasks: `(owner_id = ? OR assignee_id IN ${agents} OR requester_id IN ${agents})`,
  // What a person says to everybody is for everybody.
  messages: `(sender IN ${agents} OR receiver IN ${agents} OR run_id IN ${runs} OR task_id IN ${tasks}
    OR (sender = 'user' AND receiver IS NULL))`,
  budgets: `agent_id IN ${agents}`,
  usage_daily: `agent_id IN ${agents}`,
  secrets: `(scope = 'org' OR agent_id IN ${agents})`,
  keys: 'user_id = ?',
  sessions: 'user_id = ?',
  users: 'id = ?'
} as const
export type SeenTable = keyof typeof conditions

/** For the WHERE of a list; who sees everything adds nothing to it. */
export function visible(sight: Sight, table: SeenTable): { where: string[]; values: string[] } {
  if (sight === 'everything') return { where: [], values: [] }
  const sql = conditions[table]
  return { where: [sql], values: valuesOf(sql, sight.userId) }
}

function valuesOf(sql: string, userId: string): string[] {
  return Array.from({ length: sql.split('?').length - 1 }, () => userId)
}

export function sightStore(db: Database) {
  const prepare = (table: SeenTable) =>
    db.prepare<string[], unknown>(
      `SELECT 1 FROM ${table} WHERE ${table === 'secrets' ? 'key' : 'id'} = ? AND ${conditions[table]} LIMIT 1`
    )
  const statements = new Map<SeenTable, ReturnType<typeof prepare>>()

  return {
    /** Whether one thing may be seen; a secret is told by its key. */
    sees(sight: Sight, table: SeenTable, id: string): boolean {
      if (sight === 'everything') return true
      const statement = statements.get(table) ?? prepare(table)
      statements.set(table, statement)
      return statement.get(id, ...valuesOf(conditions[table], sight.userId)) !== undefined
    }
  }
}
