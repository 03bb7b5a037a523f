import type { BudgetPeriod, BudgetState, BudgetUnit } from '#contract/money/budgets'
import { largestSum } from '#contract/money/figures'
import { iso } from '../../store/columns.ts'
import { type AgentRow, limitsOf } from '../../store/fleet/agents.ts'
import type { BudgetRow } from '../../store/money/budgets.ts'
import type { UsageSums } from '../../store/money/usage.ts'
import { type Domain, recordChange } from '../domain.ts'

const perUsd = 1_000_000

/** Stored amounts are whole numbers, so that sums stay exact. */
export function toUnits(unit: BudgetUnit, amount: number): number {
  return Math.min(largestSum, Math.round(unit === 'usd' ? amount * perUsd : amount))
}

export function fromUnits(unit: BudgetUnit, units: number): number {
  return unit === 'usd' ? units / perUsd : units
}

/** An amount as people write it. */
export function inWords(unit: BudgetUnit, units: number): string {
  return unit === 'usd' ? `$${(units / perUsd).toFixed(2)}` : `${units.toLocaleString('en-US')} tokens`
}

/** The calendar day or month, UTC, in which a time lies: its begin and its end. */
export function windowOf(period: BudgetPeriod, at: number): { start: number; end: number } {
  const date = new Date(at)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  return period === 'day'
    ? { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) }
    : { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) }
}

/** A budget as it stands now: in a new period nothing is spent yet. A clock that goes back begins no new one. */
export function asOfNow(domain: Pick<Domain, 'clock'>, row: BudgetRow): BudgetRow {
  const { start } = windowOf(row.period, domain.clock.now())
  return row.since >= start ? row : { ...row, since: start, spent: 0, unpriced: 0, state: 'ok' }
}

export function stateOf({ spent, amount, threshold }: Pick<BudgetRow, 'spent' | 'amount' | 'threshold'>): BudgetState {
  if (spent >= amount) return 'exhausted'
  return spent >= amount * threshold ? 'warned' : 'ok'
}

/** What was spent in the current period before the budget was made. */
export function spentSoFar(
  domain: Pick<Domain, 'store' | 'clock'>,
  { unit, period, agent_id }: Pick<BudgetRow, 'unit' | 'period' | 'agent_id'>
): Pick<BudgetRow, 'since' | 'spent' | 'unpriced'> {
  const now = domain.clock.now()
  const { start } = windowOf(period, now)
  const days = { from: iso(start).slice(0, 10), to: iso(now).slice(0, 10) }
  const span = { ...days, agentId: agent_id || null, runtime: null, sight: 'everything' } as const
  const sums = domain.store.usage.total(span)
  if (!sums) return { since: start, spent: 0, unpriced: 0 }
  const spent = unit === 'usd' ? toUnits('usd', sums.cost_usd) : tokensOf(sums)
  return { since: start, spent, unpriced: unit === 'usd' ? sums.unpriced : 0 }
}

type Tokens = Pick<UsageSums, 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'cache_write_tokens'>

export function tokensOf(row: Tokens): number {
  return row.input_tokens + row.output_tokens + row.cache_read_tokens + row.cache_write_tokens
}

/** Says in the status of an agent what its budgets have come to; it holds until the period is over. */
export function noteBudgets(domain: Domain, agentId: string): void {
  const agent = domain.store.agents.byId(agentId)
  if (!agent) return
  const worst = domain.store.budgets
    .ofAgent(agentId)
    .map(row => asOfNow(domain, row))
    .filter(row => row.state !== 'ok')
    .sort((a, b) => b.spent / b.amount - a.spent / a.amount)[0]
  const note = worst ? noteOf(worst) : null
  const until = worst ? windowOf(worst.period, domain.clock.now()).end : null
  if (note === agent.budget_note && until === agent.budget_note_until) return
  domain.store.agents.update(agent.number, { budget_note: note, budget_note_until: until })
  recordChange(domain, 'agent', 'changed', agent.id)
}

function noteOf({ unit, period, spent, amount }: BudgetRow): string {
  const share = `${Math.round((spent / amount) * 100)} %`
  const span = period === 'day' ? 'today' : 'this month'
  return unit === 'usd'
    ? `It spent ${share} of its ${inWords(unit, amount)} of ${span}`
    : `It used ${share} of its tokens of ${span}`
}

/** Keeps the budgets that come from the limits in an agent's settings as those say. */
export function keepLimits(domain: Domain, agent: AgentRow): void {
  const { dailyTokenBudget, monthlyTokenBudget, alertThreshold } = limitsOf(agent)
  keepLimit(domain, agent, 'day', dailyTokenBudget, alertThreshold)
  keepLimit(domain, agent, 'month', monthlyTokenBudget, alertThreshold)
  noteBudgets(domain, agent.id)
}

function keepLimit(domain: Domain, agent: AgentRow, period: BudgetPeriod, amount: number | null, threshold: number) {
  const { budgets } = domain.store
  const id = `${agent.id}:${period}`
  const known = budgets.byId(id)
  const now = domain.clock.now()
  if (amount === null) {
    if (known) budgets.remove(known.number)
  } else if (known) {
    if (known.amount === amount && known.threshold === threshold) return
    const current = { ...asOfNow(domain, known), amount, threshold }
    const { since, spent, unpriced } = current
    budgets.update(known.number, {
      since,
      spent,
      unpriced,
      amount,
      threshold,
      state: stateOf(current),
      updated_at: now
    })
  } else {
    const rules = { agent_id: agent.id, unit: 'tokens', period, amount, threshold, action: 'stop' } as const
    const begun = { ...rules, ...spentSoFar(domain, rules) }
    budgets.insert({ ...begun, id, source: 'agent', state: stateOf(begun), created_at: now, updated_at: now })
  }
}
