import { AppError } from '#contract/errors'
import type { BudgetRow, RecentRun } from '../../store/money/budgets.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { pauseAgent } from '../fleet/agents.ts'
import { person, postMessage } from '../work/messages.ts'
import { asOfNow, inWords, noteBudgets, stateOf, tokensOf, toUnits, windowOf } from './budget-state.ts'

/** What the first run of an agent may cost, in USD, until its own runs tell. */
const firstReserveUsd = 0.25

/** What is to be set aside of a budget. */
interface Share {
  row: BudgetRow
  amount: number
}

/**
 * What is to be set aside for a run before it is queued. Writes are one after the other, so of many that are launched at
 * once only those pass that fit. A runtime that costs nothing always does; should it spend all the same, that counts from
 * its first cent. Throws BUDGET_EXHAUSTED, and has written nothing.
 */
export function sharesFor(domain: Domain, { agent_id, runtime }: Pick<RunRow, 'agent_id' | 'runtime'>): Share[] {
  const budgets = domain.store.budgets.covering(agent_id ?? '')
  if (budgets.length === 0) return []
  const recent = domain.store.budgets.recentRuns(agent_id ?? '')
  const free = domain.runtimes.some(({ id, meter }) => id === runtime && meter.free)
  return budgets.map(budget => {
    const row = asOfNow(domain, budget)
    // A budget below what one run is expected to cost admits one at a time.
    const amount = free ? 0 : Math.min(expected(recent, row), row.amount)
    const fits = free || (row.spent < row.amount && row.spent + row.reserved + amount <= row.amount)
    if (!fits && row.action !== 'warn') throw exhausted(domain, row, amount)
    return { row, amount }
  })
}

/** In the transaction that queues the run. */
export function reserve(domain: Pick<Domain, 'store'>, run: RunRow, shares: readonly Share[]): void {
  for (const { row, amount } of shares) setAside(domain, run, row, amount)
}

function setAside(domain: Pick<Domain, 'store'>, run: RunRow, row: BudgetRow, amount: number): void {
  domain.store.budgets.reserve(run.number, row.number, amount)
  domain.store.budgets.update(row.number, { reserved: row.reserved + amount })
}

/** What nine of ten of the last runs stayed below. */
function expected(recent: readonly RecentRun[], { unit }: BudgetRow): number {
  const amounts = recent.map(run => (unit === 'usd' ? run.cost : run.tokens)).filter(amount => amount !== null)
  const sorted = amounts.sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? (unit === 'usd' ? toUnits('usd', firstReserveUsd) : 0)
}

function exhausted(domain: Pick<Domain, 'clock'>, row: BudgetRow, wanted: number): AppError {
  const { end } = windowOf(row.period, domain.clock.now())
  const message =
    `The ${nameOf(row)} does not reach: ${inWords(row.unit, row.spent)} are spent and ${inWords(row.unit, row.reserved)} reserved ` +
    `for runs under way; this one may need ${inWords(row.unit, wanted)}. Raise it, or wait until ${new Date(end).toISOString()}.`
  return new AppError('BUDGET_EXHAUSTED', message, { budgetId: row.id, resetsAt: new Date(end).toISOString() })
}

function nameOf(row: BudgetRow): string {
  return `budget of ${inWords(row.unit, row.amount)} a ${row.period} of ${row.agent_id === '' ? 'the fleet' : 'this agent'}`
}

function spentBy(run: RunRow, { unit }: BudgetRow): number {
  return unit === 'usd' ? toUnits('usd', run.cost_usd ?? 0) : tokensOf(run)
}

/** A running run told what it spent: what is beyond its reserve is reserved as well. Returns a reason to stop it, or null. */
export function spendMore(domain: Domain, run: RunRow): string | null {
  const { budgets } = domain.store
  let reason: string | null = null
  for (const { budget, amount } of budgets.reservations(run.number)) {
    const known = budgets.byNumber(budget)
    const row = known && asOfNow(domain, known)
    const spent = row ? spentBy(run, row) : 0
    if (!row || spent <= amount) continue
    const reserved = row.reserved + spent - amount
    budgets.reserve(run.number, row.number, spent)
    budgets.update(row.number, { reserved })
    if (row.action === 'stop' && row.spent + reserved > row.amount) reason ??= `The ${nameOf(row)} is used up`
  }
  return reason
}

/** A run ended: what was reserved for it is free again, what it spent is spent. */
export function settle(domain: Domain, run: RunRow): void {
  release(domain, run)
  if (run.started_at !== null && run.status !== 'LOST') domain.store.budgets.remember(run.agent_id ?? '', recentOf(run))
  for (const budget of domain.store.budgets.covering(run.agent_id ?? '')) {
    const row = asOfNow(domain, budget)
    const unknown = row.unit === 'usd' && run.cost_usd === null && tokensOf(run) > 0
    count(domain, run, row, { spent: row.spent + spentBy(run, row), unpriced: row.unpriced + (unknown ? 1 : 0) })
  }
}

/** A run that had ended goes on: what it spent is its reserve now. */
export function unsettle(domain: Pick<Domain, 'store' | 'clock'>, run: RunRow): void {
  for (const budget of domain.store.budgets.covering(run.agent_id ?? '')) {
    const row = asOfNow(domain, budget)
    const spent = Math.min(spentBy(run, row), row.spent)
    domain.store.budgets.update(row.number, {
      since: row.since,
      spent: row.spent - spent,
      unpriced: row.unpriced,
      state: row.state
    })
    setAside(domain, run, row, spent)
  }
}

function release(domain: Domain, run: RunRow): void {
  const { budgets } = domain.store
  for (const { budget, amount } of budgets.reservations(run.number)) {
    const row = budgets.byNumber(budget)
    if (row) budgets.update(row.number, { reserved: Math.max(0, row.reserved - amount) })
  }
  budgets.release(run.number)
}

function recentOf(run: RunRow): RecentRun {
  const tokens = tokensOf(run)
  const cost = run.cost_usd === null ? (tokens === 0 ? 0 : null) : toUnits('usd', run.cost_usd)
  return { cost, tokens, ms: Math.max(0, (run.ended_at ?? 0) - (run.started_at ?? 0) - run.waited_ms) }
}

function count(domain: Domain, run: RunRow, row: BudgetRow, columns: Pick<BudgetRow, 'spent' | 'unpriced'>): void {
  const counted = { ...row, ...columns }
  const state = stateOf(counted)
  domain.store.budgets.update(row.number, { ...columns, since: row.since, state })
  recordChange(domain, 'budget', 'changed', row.id)
  if (row.agent_id !== '') noteBudgets(domain, row.agent_id)
  if (state === row.state || state === 'ok') return
  tell(domain, run, { ...counted, state })
  if (state === 'exhausted' && row.action === 'pause' && run.agent_id !== null)
    pauseAgent(domain, run.agent_id, `The ${nameOf(row)} is used up; start it to let it work again`)
}

/** Once a period, when it comes near and when it is used up. */
function tell(domain: Domain, run: RunRow, row: BudgetRow): void {
  const used = `${Math.round((row.spent / row.amount) * 100)} %`
  const text = row.state === 'exhausted' ? `The ${nameOf(row)} is used up` : `${used} of the ${nameOf(row)} are used`
  postMessage(domain, {
    type: 'agent.message',
    from: run.agent_id,
    to: person,
    taskId: run.task_id,
    runId: run.id,
    text: `${text}: ${inWords(row.unit, row.spent)} spent`,
    data: { budgetId: row.id, state: row.state }
  })
}
