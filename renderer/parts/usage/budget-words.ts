import type { Budget, BudgetAction } from '#contract/money/budgets'
import { count, tokens } from '../../lib/format.ts'
import { isolated } from '../../lib/visible.ts'

export const actionWords: Record<BudgetAction, { title: string; note: string }> = {
  warn: { title: 'Warn', note: 'A message says so, and the status of the agent. Nothing is kept back.' },
  pause: {
    title: 'Pause new runs',
    note: 'No new run starts, and the agent whose run used it up is paused until somebody starts it. Running ones finish.'
  },
  stop: { title: 'Stop runs', note: 'No new run starts, and running ones that go past it are stopped.' }
}

/** Of what keeps runs back. */
export const freeNote = 'Runtimes that cost nothing, such as the practice agent, go on all the same.'

const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  trailingZeroDisplay: 'stripIfInteger'
})

/** $40, $2.50, 2.0M tokens. */
export function amountWords({ unit }: Pick<Budget, 'unit'>, amount: number): string {
  return unit === 'usd' ? dollars.format(amount) : amount < 1000 ? count(amount, 'token') : `${tokens(amount)} tokens`
}

export function scopeWords({ scope, agentName, agentId }: Pick<Budget, 'scope' | 'agentName' | 'agentId'>): string {
  return scope === 'fleet' ? 'Whole fleet' : isolated(agentName ?? agentId ?? 'An agent')
}
