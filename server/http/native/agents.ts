import {
  archiveAgent,
  changeAgent,
  createAgent,
  executeAgent,
  getAgent,
  listAgents,
  restartAgent,
  restoreAgent,
  startAgent,
  stopAgent
} from '#contract/agents'
import { launchBody } from '#contract/runs'
import * as agents from '../../domain/agents.ts'
import { launchRun } from '../../domain/runs.ts'
import type { Context } from '../context.ts'
import { paginated } from '../pagination.ts'
import { type Route, read, write } from '../route.ts'

export function agentRoutes({ domain }: Context): Route[] {
  const current = read(getAgent, ({ params }) => agents.getAgent(domain, params.id))
  return [
    read(listAgents, ({ query }) => paginated(query, agents.listAgents(domain, query))),
    write(createAgent, ({ body, principal }) => agents.createAgent(domain, body, principal)),
    current,
    write(changeAgent, ({ params, body }) => agents.changeAgent(domain, params.id, body), current),
    write(archiveAgent, ({ params, principal }) => agents.archiveAgent(domain, params.id, principal), current),
    write(startAgent, ({ params }) => agents.startAgent(domain, params.id), current),
    write(stopAgent, ({ params, principal }) => agents.stopAgent(domain, params.id, principal), current),
    write(restartAgent, ({ params }) => agents.restartAgent(domain, params.id), current),
    write(restoreAgent, ({ params }) => agents.restoreAgent(domain, params.id), current),
    write(executeAgent, ({ params, body }) => {
      const { continue: continueConversation, ...wish } = body
      const agentId = agents.requireAgent(domain, params.id).id
      return launchRun(domain, launchBody.parse({ ...wish, agentId }), { continueConversation })
    })
  ]
}
