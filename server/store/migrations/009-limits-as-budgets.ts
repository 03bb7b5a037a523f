import type { Migration } from './migration.ts'

/** The token limits of agents become budgets that keep count. */
export const limitsAsBudgets: Migration = {
  sql: ['day', 'month']
    .map(period => {
      const limit = `json_extract(limits, '$.${period === 'day' ? 'daily' : 'monthly'}TokenBudget')`
      return `
INSERT INTO budgets (id, agent_id, unit, period, amount, action, threshold, source, since, spent, created_at, updated_at)
  SELECT id || ':${period}', id, 'tokens', '${period}', ${limit}, 'stop',
    coalesce(json_extract(limits, '$.alertThreshold'), 0.8), 'agent', 0, 0, updated_at, updated_at
  FROM agents WHERE ${limit} IS NOT NULL;`
    })
    .join('')
}
