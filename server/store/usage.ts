import type { Database } from './database.ts'

/** Figures of one day (YYYY-MM-DD, UTC), agent, provider and model; '' where there is none, agent `*` for all together. */
export interface UsageRow {
  day: string
  agent_id: string
  provider: string
  model: string
  runs: number
  succeeded: number
  failed: number
  busy_ms: number
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  cost_usd: number
  estimated_usd: number
  unpriced: number
}

export type UsageSums = Omit<UsageRow, 'day' | 'agent_id' | 'provider' | 'model'>

export const summed = [
  'runs',
  'succeeded',
  'failed',
  'busy_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost_usd',
  'estimated_usd',
  'unpriced'
] as const satisfies readonly (keyof UsageSums)[]

/** What figures may be grouped by. */
export type UsageGroup = 'day' | 'agent' | 'provider' | 'model'

export interface UsageGroupRow extends UsageSums {
  key: string
  name: string
  /** Of a model. */
  provider: string
  /** The one that an agent is set to. */
  agent_model: string | null
}

/** Days from and to, both included. */
export interface UsageSpan {
  from: string
  to: string
  agentId: string | null
}

export type UsageStore = ReturnType<typeof usageStore>

const everybody = '*'

export function usageStore(db: Database) {
  const keys = ['day', 'agent_id', 'provider', 'model'] as const
  const add = db.prepare<UsageRow>(
    `INSERT INTO usage_daily (${[...keys, ...summed].join()}) VALUES (${[...keys, ...summed].map(name => `@${name}`).join()})
     ON CONFLICT (${keys.join()}) DO UPDATE SET ${summed.map(name => `${name} = ${name} + @${name}`).join()}`
  )
  const sums = summed.map(name => `coalesce(sum(u.${name}), 0) AS ${name}`).join()
  const mostUsed = 'sum(u.input_tokens + u.output_tokens) DESC, key'
  const span = 'u.agent_id = ? AND u.day >= ? AND u.day <= ?'
  const grouped = (key: string, order: string) =>
    db.prepare<[string, string, string], UsageGroupRow>(
      `SELECT ${key} AS key, ${key} AS name, max(u.provider) AS provider, NULL AS agent_model, ${sums}
       FROM usage_daily u WHERE ${span} GROUP BY ${key} ORDER BY ${order}`
    )
  const groups = {
    day: grouped('u.day', 'key'),
    provider: grouped('u.provider', mostUsed),
    model: grouped('u.model', mostUsed)
  }
  const byAgent = db.prepare<[string, string, string | null], UsageGroupRow>(
    `SELECT u.agent_id AS key, coalesce(a.name, u.agent_id) AS name, '' AS provider, a.model AS agent_model, ${sums}
     FROM usage_daily u LEFT JOIN agents a ON a.id = u.agent_id
     WHERE u.day >= ? AND u.day <= ? AND u.agent_id <> '${everybody}' AND u.agent_id = coalesce(?, u.agent_id)
     GROUP BY u.agent_id ORDER BY ${mostUsed}`
  )
  const first = db.prepare<[string], { day: string | null }>(
    'SELECT min(day) AS day FROM usage_daily WHERE agent_id = ?'
  )
  const total = db.prepare<[string, string, string], UsageSums>(`SELECT ${sums} FROM usage_daily u WHERE ${span}`)
  return {
    /** Counts it for its agent and for all together. */
    add(row: UsageRow): void {
      add.run(row)
      add.run({ ...row, agent_id: everybody })
    },
    /** Sums of a span, most used first; days in their order. */
    grouped({ from, to, agentId }: UsageSpan, group: UsageGroup): UsageGroupRow[] {
      return group === 'agent' ? byAgent.all(from, to, agentId) : groups[group].all(agentId ?? everybody, from, to)
    },
    /** The first day on which anything ended; null: there was none. */
    firstDay: (agentId: string | null) => first.get(agentId ?? everybody)?.day ?? null,
    total: ({ from, to, agentId }: UsageSpan) => total.get(agentId ?? everybody, from, to)
  }
}
