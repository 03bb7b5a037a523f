import type { Database } from './database.ts'

export type DemoNoun = 'agent' | 'epic' | 'task' | 'run' | 'flow'

/** What is demo data, by noun and id. */
export function demoStore(db: Database) {
  const mark = db.prepare<[DemoNoun, string]>('INSERT OR IGNORE INTO demo VALUES (?, ?)')
  const ids = db.prepare<[DemoNoun], { id: string }>('SELECT id FROM demo WHERE noun = ?')
  const runsOfFlows = db.prepare<[], { id: string }>(
    "SELECT id FROM runs WHERE flow_id IN (SELECT id FROM demo WHERE noun = 'flow')"
  )
  const any = db.prepare('SELECT 1 FROM demo LIMIT 1')
  const clear = db.prepare('DELETE FROM demo')
  const own = (noun: DemoNoun) => `id NOT IN (SELECT id FROM demo WHERE noun = '${noun}')`
  const workOfAgent = db.prepare<{ id: string }>(
    `SELECT 1 FROM runs WHERE agent_id = :id AND ${own('run')}
     UNION ALL SELECT 1 FROM tasks WHERE (assignee_id = :id OR requester_id = :id) AND ${own('task')}
     UNION ALL SELECT 1 FROM flows WHERE agent_id = :id AND ${own('flow')}
     UNION ALL SELECT 1 FROM secrets WHERE agent_id = :id UNION ALL SELECT 1 FROM budgets WHERE agent_id = :id
     UNION ALL SELECT 1 FROM agents WHERE manager_id = :id AND ${own('agent')} LIMIT 1`
  )
  const workOfEpic = db.prepare<[string]>(`SELECT 1 FROM tasks WHERE epic_id = ? AND ${own('task')} LIMIT 1`)
  const messages = db.prepare<{ agents: string }>(
    `DELETE FROM messages WHERE run_id IN (SELECT id FROM demo WHERE noun = 'run')
       OR task_id IN (SELECT id FROM demo WHERE noun = 'task')
       OR sender IN (SELECT value FROM json_each(:agents)) OR receiver IN (SELECT value FROM json_each(:agents))`
  )
  const ofAgent = [
    'DELETE FROM usage_daily WHERE agent_id = ?',
    'DELETE FROM agent_recent WHERE agent_id = ?',
    'UPDATE agents SET manager_id = NULL WHERE manager_id = ?',
    'DELETE FROM agents WHERE id = ?'
  ].map(sql => db.prepare<[string]>(sql))
  const emptyDays = db.prepare('DELETE FROM usage_daily WHERE runs = 0')
  return {
    mark: (noun: DemoNoun, id: string) => void mark.run(noun, id),
    ids: (noun: DemoNoun) => ids.all(noun).map(row => row.id),
    /** What demo flows started since. */
    runsOfFlows: () => runsOfFlows.all().map(row => row.id),
    any: () => any.get() !== undefined,
    /** Whether something of a person's own hangs on it. */
    agentIsUsed: (id: string) => workOfAgent.get({ id }) !== undefined,
    epicIsUsed: (id: string) => workOfEpic.get(id) !== undefined,
    /** What was said in demo runs and tasks, and by or to these agents. */
    removeMessages: (agents: readonly string[]) => void messages.run({ agents: JSON.stringify(agents) }),
    /** The agent and its figures. */
    removeAgent(id: string): void {
      for (const statement of ofAgent) statement.run(id)
    },
    /** Nothing is demo data any more; days on which nothing else happened are forgotten. */
    clear(): void {
      emptyDays.run()
      clear.run()
    }
  }
}
