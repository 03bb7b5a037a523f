import { invalid } from '#contract/errors'
import { maxAgents } from '#contract/fleet/agents'
import type { Domain } from '../../../domain/domain.ts'
import * as agents from '../../../domain/fleet/agents.ts'
import { type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/agents.ts'
import { toOurAgent, toTheirAgent } from '../translate.ts'

const ok = { ok: true as const }

export function agentRoutes(): Route[] {
  return [
    read(theirs.listAgents, ({ domain }) =>
      agents.listAgents(domain, { limit: maxAgents, offset: 0 }).items.map(toTheirAgent)
    ),
    write(theirs.createAgent, ({ domain, body }) =>
      toTheirAgent(agents.createAgent(domain, { ...toOurAgent(body), name: body.name }))
    ),
    read(theirs.getAgent, ({ domain, params }) => toTheirAgent(agents.getAgent(domain, params.id))),
    write(theirs.changeAgent, ({ domain, params, body }) => {
      agents.changeAgent(domain, params.id, toOurAgent(body))
      if (body.status !== undefined) setStatus(domain, params.id, body.status)
      return toTheirAgent(agents.getAgent(domain, params.id))
    }),
    write(theirs.archiveAgent, ({ domain, params }) => {
      agents.archiveAgent(domain, params.id)
      return ok
    })
  ]
}

type Status = ReturnType<typeof toTheirAgent>['status']

function setStatus(domain: Domain, id: string, wanted: Status): void {
  const { status } = toTheirAgent(agents.getAgent(domain, id))
  if (status === wanted) return
  switch (wanted) {
    case 'active':
      if (status === 'archived') agents.restoreAgent(domain, id)
      else agents.startAgent(domain, id)
      return
    case 'paused':
      agents.stopAgent(domain, id)
      return
    case 'archived':
      agents.archiveAgent(domain, id)
      return
    case 'running':
      throw invalid('status', 'an agent is running when one of its tasks is; run one')
    default:
      wanted satisfies never
  }
}
