import type { Domain } from '../../../domain/domain.ts'
import * as agents from '../../../domain/fleet/agents.ts'
import { advice } from '../../../domain/money/advice.ts'
import { costs } from '../../../domain/money/costs.ts'
import { canRunNow } from '../../../domain/runs/run-runtime.ts'
import { type Route, read, wait } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/costs.ts'
import * as translate from '../translate.ts'
import { allAgents } from './agents.ts'
import { allBudgets } from './billing.ts'

export function costRoutes(): Route[] {
  return [
    read(theirs.getCostSummary, ({ domain }) =>
      translate.toCostSummary(
        ofThisMonth(domain),
        agents.listAgents(domain, { limit: 0, offset: 0 }).total,
        translate.fleetBudget(allBudgets(domain))
      )
    ),
    read(theirs.listCostsByProvider, ({ domain }) => translate.toProviders(ofThisMonth(domain))),
    read(theirs.listCostsByModel, ({ domain }) => translate.toModels(ofThisMonth(domain))),
    read(theirs.listCostsByAgent, ({ domain }) =>
      translate.toAgentCosts(allAgents(domain), ofThisMonth(domain), allBudgets(domain), canRunNow(domain))
    ),
    wait(theirs.listRecommendations, async ({ domain }) => translate.toRecommendations(await advice(domain)))
  ]
}

function ofThisMonth(domain: Domain) {
  const month = new Date(domain.clock.now()).toISOString().slice(0, 7)
  return costs(domain, { period: 'month', from: `${month}-01` })
}
