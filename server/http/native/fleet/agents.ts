import { importAgents } from '#contract/fleet/agent-files'
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
} from '#contract/fleet/agents'
import { listAgentFiles } from '#contract/runners/files'
import { launchBody } from '#contract/runs/runs'
import * as files from '../../../domain/fleet/agent-files.ts'
import * as agents from '../../../domain/fleet/agents.ts'
import { filesOfAgent } from '../../../domain/runners/files.ts'
import { launchRun } from '../../../domain/runs/runs.ts'
import { paginated, type Route, read, readList, wait, write } from '../../for-faces.ts'

export function agentRoutes(): Route[] {
  return [
    readList(listAgents, ['agent'], ({ domain, query }) => paginated(query, agents.listAgents(domain, query))),
    write(importAgents, ({ domain, body }) => files.importAgents(domain, body)),
    write(createAgent, ({ domain, body }) => agents.createAgent(domain, body)),
    read(getAgent, ({ domain, params }) => agents.getAgent(domain, params.id)),
    wait(listAgentFiles, ({ domain, params, query, actor }) => filesOfAgent(domain, params.id, query.query, actor)),
    write(changeAgent, ({ domain, params, body }) => agents.changeAgent(domain, params.id, body)),
    write(archiveAgent, ({ domain, params }) => agents.archiveAgent(domain, params.id)),
    write(startAgent, ({ domain, params }) => agents.startAgent(domain, params.id)),
    write(stopAgent, ({ domain, params }) => agents.stopAgent(domain, params.id)),
    write(restartAgent, ({ domain, params }) => agents.restartAgent(domain, params.id)),
    write(restoreAgent, ({ domain, params }) => agents.restoreAgent(domain, params.id)),
    write(executeAgent, ({ domain, params, body }) => {
      const { continue: continueConversation, ...wish } = body
      const agentId = agents.requireAgent(domain, params.id).id
      return launchRun(domain, launchBody.parse({ ...wish, agentId }), { continueConversation })
    })
  ]
}
