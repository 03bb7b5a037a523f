import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'

export const budgetPeriods = ['day', 'month'] as const
export type BudgetPeriod = (typeof budgetPeriods)[number]
export const budgetUnits = ['usd', 'tokens'] as const
export type BudgetUnit = (typeof budgetUnits)[number]

/**
 * What happens when a budget is used up. `warn` says so, no more. `pause` also takes no new runs and pauses the agent whose
 * run used it up, until a person starts it. `stop` takes no new runs and stops running ones that go past it.
 */
export const budgetActions = ['warn', 'pause', 'stop'] as const
export type BudgetAction = (typeof budgetActions)[number]
export const budgetStates = ['ok', 'warned', 'exhausted'] as const
export type BudgetState = (typeof budgetStates)[number]

const amount = z.number().positive().max(1e9).describe('USD, or tokens of every kind together')
const threshold = z.number().min(0).max(1).describe('Share of the amount at which to warn')

/** Periods are calendar days and months, UTC. */
export const budget = z
  .object({
    id: z.string(),
    scope: z.enum(['fleet', 'agent']),
    agentId: z.string().nullable(),
    agentName: z.string().nullable(),
    unit: z.enum(budgetUnits),
    period: z.enum(budgetPeriods),
    amount,
    action: z.enum(budgetActions),
    threshold,
    source: z.enum(['budget', 'agent']).describe('agent: the limits in the settings of an agent; changed there'),
    spent: z.number().describe('By runs that ended in this period'),
    reserved: z.number().describe('For runs that wait or run'),
    remaining: z.number(),
    utilization: z.number().describe('Spent of the amount; 1 is all of it'),
    state: z.enum(budgetStates),
    unpricedRuns: z.int().describe('Runs of this period whose cost is unknown; they are not in `spent`'),
    periodStart: timestamp,
    periodEnd: timestamp,
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Budget' })
export type Budget = z.infer<typeof budget>

export const maxBudgets = 1000

export const newBudget = z.object({
  agentId: z.string().min(1).max(64).nullable().default(null).describe('Id or slug; null: the whole fleet'),
  unit: z.enum(budgetUnits).default('usd'),
  period: z.enum(budgetPeriods).default('month'),
  amount,
  action: z.enum(budgetActions).default('stop'),
  threshold: threshold.default(0.8)
})
export type NewBudget = z.output<typeof newBudget>

export const listBudgets = endpoint({
  id: 'listBudgets',
  method: 'GET',
  path: '/api/v1/budgets',
  tag: 'costs',
  summary: 'Budgets with what is spent and reserved of them, most recent first',
  scope: 'read',
  query: pageQuery.extend({ agentId: z.string().max(64).optional() }),
  output: page(budget),
  errors: ['NOT_FOUND']
})

export const createBudget = endpoint({
  id: 'createBudget',
  method: 'POST',
  path: '/api/v1/budgets',
  tag: 'costs',
  summary:
    'Limit what the fleet or an agent spends in a day or a month. What was spent in the current one counts. Each run ' +
    'reserves what nine of ten of the last 20 runs of its agent stayed below, at first $0.25.',
  scope: 'admin',
  body: newBudget,
  output: budget,
  status: 201,
  errors: ['UNKNOWN_AGENT', 'LIMIT_REACHED']
})

export const getBudget = endpoint({
  id: 'getBudget',
  method: 'GET',
  path: '/api/v1/budgets/:id',
  tag: 'costs',
  summary: 'One budget',
  scope: 'read',
  params: idParams,
  output: budget,
  errors: ['NOT_FOUND']
})

export const changeBudget = endpoint({
  id: 'changeBudget',
  method: 'PATCH',
  path: '/api/v1/budgets/:id',
  tag: 'costs',
  summary: 'Raise, lower or sharpen a budget',
  scope: 'admin',
  params: idParams,
  body: z.object({ amount, action: z.enum(budgetActions), threshold }).partial(),
  output: budget,
  errors: ['NOT_FOUND', 'NOT_SUPPORTED']
})

export const deleteBudget = endpoint({
  id: 'deleteBudget',
  method: 'DELETE',
  path: '/api/v1/budgets/:id',
  tag: 'costs',
  summary: 'Remove a budget',
  scope: 'admin',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'NOT_SUPPORTED']
})
