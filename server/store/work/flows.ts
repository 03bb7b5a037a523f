import type { Flow } from '#contract/work/flows'
import { insertRow, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

export interface FlowRow {
  number: number
  id: string
  title: string
  description: string
  prompt: string
  /** JSON. */
  variables: string
  icon: string | null
  agent_id: string
  model: string | null
  /** JSON; null: those of its agent. */
  mcp_ids: string | null
  mode: Flow['mode']
  status: Flow['status']
  status_reason: string | null
  status_since: number
  catch_up: Flow['catchUp']
  catch_up_max: number
  overlap: Flow['overlap']
  max_parallel: number
  retries: number
  retry_delay_seconds: number
  timeout_seconds: number | null
  approval_minutes: number
  pause_after_failures: number | null
  human_minutes: number | null
  /** JSON. */
  pre_check: string | null
  /** What its pre-check saw when it let a tick pass last. */
  check_seen: string | null
  owner_id: string
  /** A letter for each of the last outcomes, oldest first. */
  recent: string
  runs: number
  failures: number
  /** Failures in a row. */
  streak: number
  last_run_at: number | null
  created_at: number
  updated_at: number
}

const columns = [
  'id',
  'title',
  'description',
  'prompt',
  'variables',
  'icon',
  'agent_id',
  'model',
  'mcp_ids',
  'mode',
  'status',
  'status_since',
  'catch_up',
  'catch_up_max',
  'overlap',
  'max_parallel',
  'retries',
  'retry_delay_seconds',
  'timeout_seconds',
  'approval_minutes',
  'pause_after_failures',
  'human_minutes',
  'pre_check',
  'owner_id',
  'created_at',
  'updated_at'
] as const
export type NewFlowRow = Pick<FlowRow, (typeof columns)[number]>

export interface FlowFilter {
  /** null: all but archived ones. */
  status: Flow['status'] | null
  agentId: string | null
  mode: Flow['mode'] | null
  /** All of them stand in the title. */
  words: readonly string[]
  sight: Sight
  limit: number
  offset: number
}

export function flowStore(db: Database) {
  const byId = db.prepare<[string], FlowRow>('SELECT * FROM flows WHERE id = ?')
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM flows')
  const remove = db.prepare('DELETE FROM flows WHERE id = ?')
  const give = db.prepare('UPDATE flows SET owner_id = ? WHERE owner_id = ?')
  return {
    insert: insertRow<NewFlowRow>(db, 'flows', columns),
    update: partialUpdate<FlowRow>(db, 'flows', 'number'),
    byId: (id: string) => byId.get(id),
    /** All that there are, archived ones included. */
    count: () => count.get()?.n ?? 0,
    list(filter: FlowFilter): FlowRow[] {
      const { where, values } = conditions(filter)
      const sql = `SELECT * FROM flows WHERE ${where} ORDER BY number DESC LIMIT ? OFFSET ?`
      return db.prepare<(string | number)[], FlowRow>(sql).all(...values, filter.limit, filter.offset)
    },
    total(filter: FlowFilter): number {
      const { where, values } = conditions(filter)
      const sql = `SELECT count(*) AS n FROM flows WHERE ${where}`
      return db.prepare<(string | number)[], { n: number }>(sql).get(...values)?.n ?? 0
    },
    /** The flows of a person go to another one. */
    give: (from: string, to: string) => give.run(to, from),
    remove: (id: string) => remove.run(id)
  }
}

function conditions({ status, agentId, mode, words, sight }: FlowFilter): {
  where: string
  values: (string | number)[]
} {
  const own = visible(sight, 'flows')
  const where = [status === null ? "status <> 'archived'" : 'status = ?', ...own.where]
  const values: (string | number)[] = [...(status === null ? [] : [status]), ...own.values]
  if (agentId !== null) {
    where.push('agent_id = ?')
    values.push(agentId)
  }
  if (mode !== null) {
    where.push('mode = ?')
    values.push(mode)
  }
  for (const word of words) {
    where.push("title LIKE ? ESCAPE '\\'")
    values.push(`%${word.replace(/[\\%_]/g, '\\$&')}%`)
  }
  return { where: where.join(' AND '), values }
}
