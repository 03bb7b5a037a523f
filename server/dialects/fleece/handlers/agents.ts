import { type Agent, maxAgents } from '#contract/fleet/agents'
import { launchBody } from '#contract/runs/runs'
import type { Domain } from '../../../domain/domain.ts'
import * as agents from '../../../domain/fleet/agents.ts'
import { averageRunMs } from '../../../domain/money/workforce.ts'
import { launchRun } from '../../../domain/runs/runs.ts'
import { toolCallsOf } from '../../../domain/runs/tool-calls.ts'
import { outcome, type Route, read, type Services } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/agents.ts'
import { untilEnded } from '../execution.ts'
import { promptOf, toExecution, toTheirAgent } from '../translate.ts'

export function agentRoutes({ stopping }: Services): Route[] {
  return [
    read(theirs.listAgents, ({ domain }) => {
      const { items, total } = agents.listAgents(domain, { limit: maxAgents, offset: 0 })
      return { data: items.map(agent => rendered(domain, agent)), total }
    }),
    read(theirs.getAgent, ({ domain, params }) => rendered(domain, agents.getAgent(domain, params.agentId))),
    outcome(
      theirs.executeAgent,
      ({ domain, params, body }) => {
        const agentId = agents.requireAgent(domain, params.agentId).id
        const answerSeconds = theirs.answerMinutes * 60
        const { id } = launchRun(domain, launchBody.parse({ prompt: promptOf(body), agentId }), { answerSeconds })
        return { id }
      },
      async ({ domain, request }, { id }) => {
        const run = await untilEnded(domain, id, { stopping, client: request.socket })
        return toExecution(run, toolCallsOf(domain, run))
      }
    )
  ]
}

function rendered(domain: Domain, agent: Agent) {
  return toTheirAgent(agent, averageRunMs(domain, agent.id))
}
