import { maxAgents } from '#contract/fleet/agents'
import { maxBudgets } from '#contract/money/budgets'
import type { Domain } from '../../../domain/domain.ts'
import * as budgets from '../../../domain/money/budgets.ts'
import { forecast } from '../../../domain/money/forecast.ts'
import { type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/billing.ts'
import * as translate from '../translate.ts'

export function billingRoutes(): Route[] {
  const summary = (domain: Domain) =>
    translate.toBilling(forecast(domain, {}), translate.fleetBudget(allBudgets(domain)))
  return [
    read(theirs.getBilling, ({ domain }) => summary(domain)),
    write(theirs.setBudget, ({ domain, body }) => {
      setMonthlyBudget(domain, body.monthlyBudget)
      return summary(domain)
    })
  ]
}

function setMonthlyBudget(domain: Domain, amount: number | null): void {
  const known = translate.fleetBudget(allBudgets(domain))
  if (amount === null) {
    if (known) budgets.deleteBudget(domain, known.id)
  } else if (known) budgets.changeBudget(domain, known.id, { amount })
  else
    budgets.createBudget(domain, {
      agentId: null,
      unit: 'usd',
      period: 'month',
      amount,
      action: 'stop',
      threshold: 0.8
    })
}

export function allBudgets(domain: Domain) {
  return budgets.listBudgets(domain, { limit: maxBudgets + maxAgents, offset: 0 }).items
}
