import { changeBudget, createBudget, deleteBudget, getBudget, listBudgets } from '#contract/money/budgets'
import * as budgets from '../../../domain/money/budgets.ts'
import { paginated, type Route, read, write } from '../../for-faces.ts'

export function budgetRoutes(): Route[] {
  return [
    read(listBudgets, ({ domain, query }) => paginated(query, budgets.listBudgets(domain, query))),
    write(createBudget, ({ domain, body }) => budgets.createBudget(domain, body)),
    read(getBudget, ({ domain, params }) => budgets.getBudget(domain, params.id)),
    write(changeBudget, ({ domain, params, body }) => budgets.changeBudget(domain, params.id, body)),
    write(deleteBudget, ({ domain, params }) => {
      budgets.deleteBudget(domain, params.id)
      return { success: true as const }
    })
  ]
}
