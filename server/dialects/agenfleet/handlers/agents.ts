import { Missing } from '#contract/errors'
import { type Agent, maxAgents } from '#contract/fleet/agents'
import type { Domain } from '../../../domain/domain.ts'
import * as agents from '../../../domain/fleet/agents.ts'
import { canRunNow } from '../../../domain/runs/run-runtime.ts'
import { paginated, type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/agents.ts'
import * as translate from '../translate.ts'

export function agentRoutes(): Route[] {
  return [
    read(theirs.listAgents, ({ domain, query }) => {
      const { status, limit, offset } = query
      const hasRunner = canRunNow(domain)
      const matching = allAgents(domain).filter(
        agent => status === undefined || translate.toTheirStatus(agent, hasRunner(agent)) === status
      )
      const items = matching.slice(offset, offset + limit).map(agent => translate.toTheirAgent(agent, hasRunner(agent)))
      return paginated(query, { items, total: matching.length })
    }),
    write(theirs.createAgent, ({ domain, body }) =>
      render(domain, agents.createAgent(domain, { ...translate.toOurAgent(body, null), name: body.name }))
    ),
    read(theirs.getAgent, ({ domain, params }) => render(domain, present(domain, params.id))),
    write(theirs.changeAgent, ({ domain, params, body }) => {
      const { id, limits } = present(domain, params.id)
      return render(domain, agents.changeAgent(domain, id, translate.toOurAgent(body, limits)))
    }),
    write(theirs.deleteAgent, ({ domain, params }) => {
      agents.archiveAgent(domain, present(domain, params.id).id)
      return { success: true as const }
    }),
    write(theirs.restartAgent, ({ domain, params }) =>
      render(domain, agents.restartAgent(domain, present(domain, params.id).id))
    )
  ]
}

function render(domain: Domain, agent: Agent) {
  return translate.toTheirAgent(agent, canRunNow(domain)(agent))
}

export function allAgents(domain: Domain): Agent[] {
  return agents.listAgents(domain, { limit: maxAgents, offset: 0 }).items
}

/** What was deleted is gone for a client of this document, though its archive is kept. */
function present(domain: Domain, id: string): Agent {
  const agent = agents.getAgent(domain, id)
  if (agent.status === 'archived') throw new Missing('agent', id)
  return agent
}
