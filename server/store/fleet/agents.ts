import { z } from 'zod'
import { type Agent, agentLimits } from '#contract/fleet/agents'
import { largestSum } from '#contract/money/figures'
import { insertRow, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

export interface AgentRow {
  number: number
  id: string
  slug: string
  name: string
  role: string
  description: string
  glyph: string | null
  team: string | null
  manager_id: string | null
  tags: string
  capabilities: string
  provider: Agent['provider']
  model: string | null
  fallback_models: string
  runtime: string | null
  place: Agent['place']
  cwd: string | null
  permission_mode: Agent['permissionMode']
  allowed_tools: string
  limits: string
  instructions: string
  mcp_ids: string | null
  system: number
  owner_id: string
  state: 'active' | 'paused' | 'archived'
  state_reason: string | null
  state_since: number
  session_run_id: string | null
  runs: number
  succeeded: number
  failed: number
  /** Outcomes of the last runs, oldest first: `s` and `f`. */
  recent: string
  /** Runs of it that are not over, kept by triggers. */
  queued: number
  running: number
  waiting: number
  activity_since: number | null
  last_active_at: number | null
  /** What its budgets have come to, and until when that counts. */
  budget_note: string | null
  budget_note_until: number | null
  created_at: number
  updated_at: number
}

const columns = [
  'id',
  'slug',
  'name',
  'role',
  'description',
  'glyph',
  'team',
  'manager_id',
  'tags',
  'capabilities',
  'provider',
  'model',
  'fallback_models',
  'runtime',
  'place',
  'cwd',
  'permission_mode',
  'allowed_tools',
  'limits',
  'instructions',
  'mcp_ids',
  'system',
  'owner_id',
  'state_since',
  'created_at',
  'updated_at'
] as const
export type NewAgentRow = Pick<AgentRow, (typeof columns)[number]>

export interface AgentFilter {
  states: readonly AgentRow['state'][]
  team: string | null
  tag: string | null
  managerId: string | null
  sight: Sight
}

export interface TokensToday {
  input: number
  output: number
  cost: number
}

export function agentStore(db: Database) {
  const byId = db.prepare<[string], AgentRow>('SELECT * FROM agents WHERE id = ?')
  const bySlug = db.prepare<[string], AgentRow>('SELECT * FROM agents WHERE slug = ?')
  const byName = db.prepare<[string], AgentRow>('SELECT * FROM agents WHERE name = ?')
  const reports = db.prepare<[string], AgentRow>('SELECT * FROM agents WHERE manager_id = ?')
  const counts = db.prepare<[], { state: AgentRow['state']; count: number }>('SELECT state, count FROM agent_counts')
  const tokens = db.prepare<[string, string], TokensToday & { agent_id: string }>(
    `SELECT agent_id, min(total(input_tokens + cache_read_tokens + cache_write_tokens), ${largestSum}) AS input,
       min(total(output_tokens), ${largestSum}) AS output, min(total(cost_usd), ${largestSum}) AS cost FROM usage_daily
     WHERE day = ? AND agent_id IN (SELECT value FROM json_each(?)) GROUP BY agent_id`
  )
  return {
    insert: insertRow<NewAgentRow>(db, 'agents', columns),
    update: partialUpdate<AgentRow>(db, 'agents', 'number'),
    byId: (id: string) => byId.get(id),
    bySlug: (slug: string) => bySlug.get(slug),
    byName: (name: string) => byName.get(name),
    reports: (managerId: string) => reports.all(managerId),
    count: () => counts.all().reduce((sum, row) => sum + row.count, 0),
    /** Most recent first. */
    list: pagesOf(db),
    /** From counters where they know. */
    total: (filter: AgentFilter) =>
      filter.sight === 'everything' && filter.team === null && filter.tag === null && filter.managerId === null
        ? sumOf(counts.all(), filter.states)
        : countAgents(db, filter),
    /** Of those agents that used any on that day (YYYY-MM-DD). */
    tokensOn: (day: string, ids: readonly string[]): Map<string, TokensToday> =>
      new Map(tokens.all(day, JSON.stringify(ids)).map(row => [row.agent_id, row]))
  }
}

function sumOf(rows: readonly { state: AgentRow['state']; count: number }[], states: AgentFilter['states']): number {
  return rows.filter(row => states.includes(row.state)).reduce((sum, row) => sum + row.count, 0)
}

/** One statement is prepared for each set of conditions. */
function pagesOf(db: Database) {
  const prepare = (where: string) =>
    db.prepare<(string | number)[], AgentRow>(
      `SELECT * FROM agents WHERE ${where} ORDER BY number DESC LIMIT ? OFFSET ?`
    )
  const statements = new Map<string, ReturnType<typeof prepare>>()
  return (filter: AgentFilter, { limit, offset }: { limit: number; offset: number }): AgentRow[] => {
    const { where, values } = conditions(filter)
    const statement = statements.get(where) ?? prepare(where)
    statements.set(where, statement)
    return statement.all(...values, limit, offset)
  }
}

function countAgents(db: Database, filter: AgentFilter): number {
  const { where, values } = conditions(filter)
  return db.prepare<string[], { n: number }>(`SELECT count(*) AS n FROM agents WHERE ${where}`).get(...values)?.n ?? 0
}

function conditions({ states, team, tag, managerId, sight }: AgentFilter): { where: string; values: string[] } {
  // The plus keeps the index of states out: a page is walked from the newest, without sorting all.
  const own = visible(sight, 'agents')
  const where = [`+state IN (${states.map(() => '?').join(', ')})`, ...own.where]
  const values: string[] = [...states, ...own.values]
  for (const [test, value] of [
    ['team = ?', team],
    ['manager_id = ?', managerId],
    ['EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value = ?)', tag]
  ] as const) {
    if (value === null) continue
    where.push(test)
    values.push(value)
  }
  return { where: where.join(' AND '), values }
}

const stringArray = z.array(z.string())

export function stringsOf(json: string): string[] {
  return stringArray.parse(JSON.parse(json))
}

export function limitsOf(row: AgentRow): Agent['limits'] {
  return agentLimits.parse(JSON.parse(row.limits))
}
