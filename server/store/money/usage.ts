import type Sqlite from 'better-sqlite3'
import { largestSum } from '#contract/money/figures'
import { usdDecimals } from '#contract/usd'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

/** Figures of one day (YYYY-MM-DD, UTC), agent, provider, model and runtime; '' where there is none, agent `*` for all together. */
export interface UsageRow {
  day: string
  agent_id: string
  provider: string
  model: string
  runtime: string
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
  /** Of those that succeeded, the ones of which somebody said what they are worth, and how many minutes of a person that is. */
  valued: number
  human_minutes: number
}

export type UsageSums = Omit<UsageRow, 'day' | 'agent_id' | 'provider' | 'model' | 'runtime'>

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
  'estimated_usd',
  'unpriced',
  'valued',
  'human_minutes'
] as const satisfies readonly (keyof UsageSums)[]

/** What figures may be grouped by. */
export type UsageGroup = 'day' | 'agent' | 'provider' | 'model' | 'runtime'

export interface UsageGroupRow extends UsageSums {
  key: string
  name: string
  /** Of a model. */
  provider: string
  /** The one that an agent is set to. */
  agent_model: string | null
}

export type UsageSplit = 'agent' | 'model' | 'runtime'
const columnOf: Record<UsageSplit, string> = { agent: 'u.agent_id', model: 'u.model', runtime: 'u.runtime' }

export interface UsagePartRow extends UsageSums {
  day: string
  key: string | null
}

export type UsageLine = UsageRow & { agent_name: string }

/** Whose runs; null: all that may be seen. */
export interface UsageOf {
  agentId: string | null
  runtime: string | null
  sight: Sight
}

/** Days from and to, both included. */
export interface UsageSpan extends UsageOf {
  from: string
  to: string
}

const everybody = '*'

const money: readonly (keyof UsageSums)[] = ['cost_usd', 'estimated_usd']

/** No noise of binary fractions stays in a sum of money: what is taken back from it leaves nothing behind. */
function plain(name: keyof UsageSums, sql: string): string {
  return money.includes(name) ? `round(${sql}, ${usdDecimals})` : sql
}

/** `total` never overflows, and what is beyond counting is the largest number that clients can count with. */
export function sumsOf(table: string): string {
  return summed.map(name => `${plain(name, `min(total(${table}.${name}), ${largestSum})`)} AS ${name}`).join()
}

interface Condition {
  sql: string
  values: string[]
}

/** Whose rows are summed up. */
function together(of: UsageOf): Condition {
  if (of.agentId !== null || of.sight !== 'everything') return apart(of)
  return withRuntime(of, [`u.agent_id = '${everybody}'`], [])
}

/** The same, agent by agent. */
function apart(of: UsageOf): Condition {
  if (of.agentId !== null) return withRuntime(of, ['u.agent_id = ?'], [of.agentId])
  const { where, values } = visible(of.sight, 'usage_daily')
  return withRuntime(of, [`u.agent_id <> '${everybody}'`, ...where], values)
}

function withRuntime({ runtime }: UsageOf, where: string[], values: string[]): Condition {
  const whole = runtime === null ? where : [...where, 'u.runtime = ?']
  return { sql: whole.join(' AND '), values: runtime === null ? values : [...values, runtime] }
}

const keys = ['day', 'agent_id', 'provider', 'model', 'runtime'] as const
const ofOneDay = [
  ...keys.map(name => `u.${name}`),
  ...summed.map(name => `${plain(name, `u.${name}`)} AS ${name}`)
].join()

export function usageStore(db: Database) {
  const add = db.prepare<UsageRow>(
    `INSERT INTO usage_daily (${[...keys, ...summed].join()}) VALUES (${[...keys, ...summed].map(name => `@${name}`).join()})
     ON CONFLICT (${keys.join()}) DO UPDATE SET ${summed.map(name => `${name} = ${plain(name, `min(${name} + @${name}, ${largestSum})`)}`).join()}`
  )
  const sums = sumsOf('u')
  const mostUsed = 'total(u.input_tokens + u.output_tokens) DESC, key'
  const statements = new Map<string, Sqlite.Statement<string[], unknown>>()

  function rows<Row = UsageGroupRow>(sql: string, values: string[]): Row[] {
    const statement = statements.get(sql) ?? db.prepare<string[], unknown>(sql)
    statements.set(sql, statement)
    return statement.all(...values) as Row[]
  }

  function grouped(span: UsageSpan, key: string, order: string): UsageGroupRow[] {
    const { sql, values } = together(span)
    return rows(
      `SELECT ${key} AS key, ${key} AS name, max(u.provider) AS provider, NULL AS agent_model, ${sums}
       FROM usage_daily u WHERE ${sql} AND u.day >= ? AND u.day <= ? GROUP BY ${key} ORDER BY ${order}`,
      [...values, span.from, span.to]
    )
  }

  function byAgent(span: UsageSpan): UsageGroupRow[] {
    const { sql, values } = apart(span)
    return rows(
      `SELECT u.agent_id AS key, coalesce(a.name, u.agent_id) AS name, '' AS provider, a.model AS agent_model, ${sums}
       FROM usage_daily u LEFT JOIN agents a ON a.id = u.agent_id
       WHERE ${sql} AND u.day >= ? AND u.day <= ? GROUP BY u.agent_id ORDER BY ${mostUsed}`,
      [...values, span.from, span.to]
    )
  }

  function parted(span: UsageSpan, column: UsageSplit, keys: readonly string[]): UsagePartRow[] {
    const { sql, values } = column === 'agent' ? apart(span) : together(span)
    const key = columnOf[column]
    const named = keys.map(() => '?').join()
    return rows<UsagePartRow>(
      `SELECT u.day, CASE WHEN ${key} IN (${named}) THEN ${key} END AS key, ${sums}
       FROM usage_daily u WHERE ${sql} AND u.day >= ? AND u.day <= ? GROUP BY 1, 2 ORDER BY 1`,
      [...keys, ...values, span.from, span.to]
    )
  }

  return {
    /** Sums of each day and key; all other keys together are null. */
    parted,
    /** What is stored of one day, without the sums of all together. */
    linesOf(day: string, of: UsageOf): UsageLine[] {
      const { sql, values } = apart(of)
      return db
        .prepare<string[], UsageLine>(
          `SELECT ${ofOneDay}, coalesce(a.name, '') AS agent_name FROM usage_daily u LEFT JOIN agents a ON a.id = u.agent_id
           WHERE ${sql} AND u.day = ? ORDER BY agent_name, u.agent_id, u.provider, u.model, u.runtime`
        )
        .all(...values, day)
    },
    /** Counts it for its agent and for all together. */
    add(row: UsageRow): void {
      add.run(row)
      add.run({ ...row, agent_id: everybody })
    },
    /** Sums of a span, most used first; days in their order. */
    grouped(span: UsageSpan, group: UsageGroup): UsageGroupRow[] {
      if (group === 'agent') return byAgent(span)
      return grouped(span, `u.${group}`, group === 'day' ? 'key' : mostUsed)
    },
    /** The first day on which anything ended; null: there was none. */
    firstDay(of: UsageOf): string | null {
      const { sql, values } = together(of)
      const first = db.prepare<string[], { day: string | null }>(
        `SELECT min(u.day) AS day FROM usage_daily u WHERE ${sql}`
      )
      return first.get(...values)?.day ?? null
    },
    total: (span: UsageSpan): UsageSums | undefined => grouped(span, "''", 'key')[0]
  }
}
