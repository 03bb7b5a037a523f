import { Missing } from '#contract/errors'
import { type Agent, maxAgents } from '#contract/fleet/agents'
import { maxBudgets } from '#contract/money/budgets'
import type { User } from '#contract/people/users'
import { exportEntries, listEntries } from '../../domain/audit/audit.ts'
import type { Domain } from '../../domain/domain.ts'
import * as agents from '../../domain/fleet/agents.ts'
import { advice } from '../../domain/money/advice.ts'
import * as budgets from '../../domain/money/budgets.ts'
import { costs } from '../../domain/money/costs.ts'
import { forecast } from '../../domain/money/forecast.ts'
import { workforce } from '../../domain/money/workforce.ts'
import { placesFor } from '../../domain/runs/runs.ts'
import {
  type Call,
  paginated,
  type Route,
  read,
  type Services,
  sendAudit,
  stream,
  wait,
  write
} from '../../http/for-faces.ts'
import * as theirs from './endpoints.ts'
import * as translate from './translate.ts'

const { toTheirAgent } = translate

export function routes(services: Services): Route[] {
  return [
    ...authRoutes(services),
    ...agentRoutes(),
    ...costRoutes(),
    ...billingRoutes(),
    ...auditRoutes(services),
    wait(theirs.getWorkforceSummary, async ({ domain }) =>
      translate.toWorkforce(await workforce(domain, { period: 'month' }))
    )
  ]
}

function authRoutes({ logins }: Services): Route[] {
  async function admit(call: Call, user: User) {
    const { token } = await logins.giveToken(call, user, 'agenfleet')
    return { token, user: translate.toTheirUser(user) }
  }
  return [
    wait(theirs.login, async call => {
      const { user, mfaToken } = await logins.checkPassword(call, call.body)
      return user === null ? { mfaRequired: true as const, mfaToken } : await admit(call, user)
    }),
    wait(theirs.verifyMfa, async call => admit(call, await logins.checkCode(call, call.body)))
  ]
}

function agentRoutes(): Route[] {
  return [
    read(theirs.listAgents, ({ domain, query }) => {
      const { status, limit, offset } = query
      const hasPlace = placesFor(domain)
      const matching = allAgents(domain).filter(
        agent => status === undefined || translate.toTheirStatus(agent, hasPlace(agent)) === status
      )
      const items = matching.slice(offset, offset + limit).map(agent => toTheirAgent(agent, hasPlace(agent)))
      return paginated(query, { items, total: matching.length })
    }),
    write(theirs.createAgent, ({ domain, body, principal }) =>
      render(domain, agents.createAgent(domain, { ...translate.toOurAgent(body, null), name: body.name }, principal))
    ),
    read(theirs.getAgent, ({ domain, params }) => render(domain, present(domain, params.id))),
    write(theirs.changeAgent, ({ domain, params, body }) => {
      const { id, limits } = present(domain, params.id)
      return render(domain, agents.changeAgent(domain, id, translate.toOurAgent(body, limits)))
    }),
    write(theirs.deleteAgent, ({ domain, params, principal }) => {
      agents.archiveAgent(domain, present(domain, params.id).id, principal)
      return { success: true as const }
    }),
    write(theirs.restartAgent, ({ domain, params }) =>
      render(domain, agents.restartAgent(domain, present(domain, params.id).id))
    )
  ]
}

function render(domain: Domain, agent: Agent) {
  return toTheirAgent(agent, placesFor(domain)(agent))
}

function allAgents(domain: Domain): Agent[] {
  return agents.listAgents(domain, { limit: maxAgents, offset: 0 }).items
}

/** What was deleted is gone for a client of this document, though its archive is kept. */
function present(domain: Domain, id: string): Agent {
  const agent = agents.getAgent(domain, id)
  if (agent.status === 'archived') throw new Missing('agent', id)
  return agent
}

function costRoutes(): Route[] {
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
      translate.toAgentCosts(allAgents(domain), ofThisMonth(domain), allBudgets(domain), placesFor(domain))
    ),
    wait(theirs.listRecommendations, async ({ domain }) => translate.toRecommendations(await advice(domain)))
  ]
}

function ofThisMonth(domain: Domain) {
  const month = new Date(domain.clock.now()).toISOString().slice(0, 7)
  return costs(domain, { period: 'month', from: `${month}-01` })
}

function allBudgets(domain: Domain) {
  return budgets.listBudgets(domain, { limit: maxBudgets + maxAgents, offset: 0 }).items
}

function billingRoutes(): Route[] {
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

function auditRoutes(services: Services): Route[] {
  return [
    wait(theirs.listAudit, async ({ domain, query }) => {
      const { limit, offset } = query
      const { items, total } = await listEntries(domain, { ...translate.toOurAuditFilter(query), limit, offset })
      return paginated(query, { items: items.map(translate.toAuditRecord), total })
    }),
    stream(
      theirs.exportAudit,
      () => ({ body: '{"data":[]}' }),
      call => {
        const { domain, query } = call
        const entries = exportEntries(domain, translate.toOurAuditFilter(query))
        const { toAuditRecord: record, auditColumns: columns } = translate
        sendAudit(services, call, { entries, record, columns, format: query.format })
        return true
      }
    )
  ]
}
