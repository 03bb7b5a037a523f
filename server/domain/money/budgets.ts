import { AppError, invalid, Missing } from '#contract/errors'
import { type Budget, maxBudgets, type NewBudget } from '#contract/money/budgets'
import { iso } from '../../store/columns.ts'
import type { BudgetRow } from '../../store/money/budgets.ts'
import { type Domain, type Reading, recordChange } from '../domain.ts'
import { referredAgent, requireAgent } from '../fleet/agents.ts'
import { seen } from '../people/sight.ts'
import { asOfNow, fromUnits, noteBudgets, spentSoFar, stateOf, toUnits, windowOf } from './budget-state.ts'

export interface BudgetQuery {
  agentId?: string | undefined
  limit: number
  offset: number
}

export function listBudgets(domain: Domain, query: BudgetQuery): { items: Budget[]; total: number } {
  const agentId = query.agentId === undefined ? null : requireAgent(domain, query.agentId).id
  const filter = { agentId, sight: domain.sight }
  const rows = domain.store.budgets.list(filter, query.limit, query.offset)
  return { items: rows.map(row => toBudget(domain, row)), total: domain.store.budgets.total(filter) }
}

function requireBudget(domain: Reading, id: string): BudgetRow {
  const row = seen(domain, 'budgets', domain.store.budgets.byId(id))
  if (!row) throw new Missing('budget', id)
  return row
}

export function getBudget(domain: Domain, id: string): Budget {
  return toBudget(domain, requireBudget(domain, id))
}

export function createBudget(domain: Domain, wish: NewBudget): Budget {
  if (domain.store.budgets.made() >= maxBudgets)
    throw new AppError('LIMIT_REACHED', `There are ${maxBudgets} budgets; remove some`)
  const { unit, period, action, threshold } = wish
  const agent_id = wish.agentId === null ? '' : referredAgent(domain, 'agentId', wish.agentId).id
  const rules = { agent_id, unit, period, action, threshold, amount: requireWhole(toUnits(unit, wish.amount)) }
  const begun = { ...rules, ...spentSoFar(domain, rules) }
  const id = domain.newId()
  const now = domain.clock.now()
  domain.store.budgets.insert({
    ...begun,
    id,
    source: 'budget',
    state: stateOf(begun),
    created_at: now,
    updated_at: now
  })
  recordChange(domain, 'budget', 'created', id)
  if (agent_id !== '') noteBudgets(domain, agent_id)
  return getBudget(domain, id)
}

export interface BudgetPatch {
  amount?: number | undefined
  action?: Budget['action'] | undefined
  threshold?: number | undefined
}

export function changeBudget(domain: Domain, id: string, wish: BudgetPatch): Budget {
  const row = asOfNow(domain, requireOwn(domain, id))
  const amount = wish.amount === undefined ? row.amount : requireWhole(toUnits(row.unit, wish.amount))
  const rules = { amount, action: wish.action ?? row.action, threshold: wish.threshold ?? row.threshold }
  const { since, spent, unpriced } = row
  const state = stateOf({ ...row, ...rules })
  domain.store.budgets.update(row.number, { ...rules, since, spent, unpriced, state, updated_at: domain.clock.now() })
  recordChange(domain, 'budget', 'changed', id)
  if (row.agent_id !== '') noteBudgets(domain, row.agent_id)
  return getBudget(domain, id)
}

export function deleteBudget(domain: Domain, id: string): void {
  const row = requireOwn(domain, id)
  domain.store.budgets.remove(row.number)
  recordChange(domain, 'budget', 'deleted', id)
  if (row.agent_id !== '') noteBudgets(domain, row.agent_id)
}

function requireWhole(units: number): number {
  if (units > 0) return units
  throw invalid('amount', 'is less than a millionth of a dollar, or than one token', 'too small')
}

function requireOwn(domain: Reading, id: string): BudgetRow {
  const row = requireBudget(domain, id)
  if (row.source === 'agent')
    throw new AppError(
      'NOT_SUPPORTED',
      'It comes from the limits of its agent; change those (PATCH /agents/:id {limits})'
    )
  return row
}

function toBudget(domain: Pick<Domain, 'store' | 'clock'>, stored: BudgetRow): Budget {
  const row = asOfNow(domain, stored)
  const { start, end } = windowOf(row.period, domain.clock.now())
  const shown = (units: number) => fromUnits(row.unit, units)
  return {
    id: row.id,
    scope: row.agent_id === '' ? 'fleet' : 'agent',
    agentId: row.agent_id || null,
    agentName: domain.store.agents.byId(row.agent_id)?.name ?? null,
    unit: row.unit,
    period: row.period,
    amount: shown(row.amount),
    action: row.action,
    threshold: row.threshold,
    source: row.source,
    spent: shown(row.spent),
    reserved: shown(row.reserved),
    remaining: shown(Math.max(0, row.amount - row.spent - row.reserved)),
    utilization: row.spent / row.amount,
    state: row.state,
    unpricedRuns: row.unpriced,
    periodStart: iso(start),
    periodEnd: iso(end),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at)
  }
}
