import type { Database } from './database.ts'

/** Figures of one day (YYYY-MM-DD, UTC), agent, provider and model; '' where there is none. */
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
  unpriced: number
}

export type UsageSums = Omit<UsageRow, 'day' | 'agent_id' | 'provider' | 'model'>

const summed = [
  'runs',
  'succeeded',
  'failed',
  'busy_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost_usd',
  'unpriced'
] as const satisfies readonly (keyof UsageSums)[]

/** Columns by which figures may be grouped. */
export type UsageKey = 'day' | 'agent_id' | 'provider' | 'model'

export type UsageStore = ReturnType<typeof usageStore>

export function usageStore(db: Database) {
  const keys = ['day', 'agent_id', 'provider', 'model'] as const
  const add = db.prepare<UsageRow>(
    `INSERT INTO usage_daily (${[...keys, ...summed].join()}) VALUES (${[...keys, ...summed].map(name => `@${name}`).join()})
     ON CONFLICT (${keys.join()}) DO UPDATE SET ${summed.map(name => `${name} = ${name} + @${name}`).join()}`
  )
  const sums = summed.map(name => `coalesce(sum(${name}), 0) AS ${name}`).join()
  return {
    add: (row: UsageRow) => add.run(row),
    /** Sums from a day on, most used first; days in their order. */
    grouped(key: UsageKey, fromDay: string, agentId: string | null): (UsageSums & { key: string })[] {
      const order = key === 'day' ? 'key' : 'sum(input_tokens + output_tokens) DESC, key'
      return db
        .prepare<[string, string | null], UsageSums & { key: string }>(
          `SELECT ${key} AS key, ${sums} FROM usage_daily
           WHERE day >= ? AND agent_id = coalesce(?, agent_id) GROUP BY ${key} ORDER BY ${order}`
        )
        .all(fromDay, agentId)
    }
  }
}
