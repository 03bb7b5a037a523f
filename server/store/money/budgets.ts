import type { BudgetAction, BudgetPeriod, BudgetState, BudgetUnit } from '#contract/money/budgets'
import { insertRow, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

/** Amounts are whole numbers: tokens, or millionths of a dollar. */
export interface BudgetRow {
  number: number
  id: string
  /** Empty for the whole fleet. */
  agent_id: string
  unit: BudgetUnit
  period: BudgetPeriod
  amount: number
  action: BudgetAction
  threshold: number
  source: 'budget' | 'agent'
  /** When the period began that `spent`, `unpriced` and `state` speak of. */
  since: number
  spent: number
  reserved: number
  unpriced: number
  state: BudgetState
  created_at: number
  updated_at: number
}

const columns = [
  'id',
  'agent_id',
  'unit',
  'period',
  'amount',
  'action',
  'threshold',
  'source',
  'since',
  'spent',
  'unpriced',
  'state',
  'created_at',
  'updated_at'
] as const
export type NewBudgetRow = Pick<BudgetRow, (typeof columns)[number]>

export interface BudgetFilter {
  agentId: string | null
  sight: Sight
}

function conditions(agentId: string | null, sight: Sight): { sql: string; values: string[] } {
  const own = visible(sight, 'budgets')
  const where = [...own.where, ...(agentId === null ? [] : ['agent_id = ?'])]
  return { sql: where.join(' AND ') || '1 = 1', values: [...own.values, ...(agentId === null ? [] : [agentId])] }
}

/** What one of the last runs of an agent was like. */
export interface RecentRun {
  /** Millionths of a dollar; null: unknown. */
  cost: number | null
  tokens: number
  ms: number
}

/** Runs remembered of an agent. */
const remembered = 20

export function budgetStore(db: Database) {
  const byId = db.prepare<[string], BudgetRow>('SELECT * FROM budgets WHERE id = ?')
  const byNumber = db.prepare<[number], BudgetRow>('SELECT * FROM budgets WHERE number = ?')
  const covering = db.prepare<[string], BudgetRow>("SELECT * FROM budgets WHERE agent_id IN ('', ?) ORDER BY number")
  const ofAgent = db.prepare<[string], BudgetRow>('SELECT * FROM budgets WHERE agent_id = ? ORDER BY number')
  const made = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM budgets WHERE source = 'budget'")
  const remove = db.prepare('DELETE FROM budgets WHERE number = ?')
  const reserve = db.prepare(
    'INSERT INTO budget_reservations VALUES (?, ?, ?) ON CONFLICT (run, budget) DO UPDATE SET amount = excluded.amount'
  )
  const reservations = db.prepare<[number], { budget: number; amount: number }>(
    'SELECT budget, amount FROM budget_reservations WHERE run = ?'
  )
  const release = db.prepare('DELETE FROM budget_reservations WHERE run = ?')
  const releaseAll = db.prepare('DELETE FROM budget_reservations WHERE budget = ?')
  const recent = db.prepare<[string], { runs: string }>('SELECT runs FROM agent_recent WHERE agent_id = ?')
  const setRecent = db.prepare(
    'INSERT INTO agent_recent VALUES (?, ?) ON CONFLICT (agent_id) DO UPDATE SET runs = excluded.runs'
  )

  function recentRuns(agentId: string): RecentRun[] {
    const row = recent.get(agentId)
    return row ? (JSON.parse(row.runs) as RecentRun[]) : []
  }

  return {
    insert: insertRow<NewBudgetRow>(db, 'budgets', columns),
    update: partialUpdate<BudgetRow>(db, 'budgets', 'number'),
    byId: (id: string) => byId.get(id),
    byNumber: (number: number) => byNumber.get(number),
    /** Those of the fleet, and those of an agent. */
    covering: (agentId: string) => covering.all(agentId),
    ofAgent: (agentId: string) => ofAgent.all(agentId),
    list({ agentId, sight }: BudgetFilter, limit: number, offset: number): BudgetRow[] {
      const { sql, values } = conditions(agentId, sight)
      return db
        .prepare<(string | number)[], BudgetRow>(
          `SELECT * FROM budgets WHERE ${sql} ORDER BY number DESC LIMIT ? OFFSET ?`
        )
        .all(...values, limit, offset)
    },
    total({ agentId, sight }: BudgetFilter): number {
      const { sql, values } = conditions(agentId, sight)
      return (
        db.prepare<string[], { n: number }>(`SELECT count(*) AS n FROM budgets WHERE ${sql}`).get(...values)?.n ?? 0
      )
    },
    /** Without those that come from the limits of agents. */
    made: () => made.get()?.n ?? 0,
    remove(number: number): void {
      releaseAll.run(number)
      remove.run(number)
    },
    reserve: (run: number, budget: number, amount: number) => reserve.run(run, budget, amount),
    reservations: (run: number) => reservations.all(run),
    release: (run: number) => release.run(run),
    recentRuns,
    /** Remembers one more, and forgets the oldest. */
    remember: (agentId: string, run: RecentRun) =>
      setRecent.run(agentId, JSON.stringify([...recentRuns(agentId), run].slice(-remembered)))
  }
}
