import { maxAgents } from '#contract/agents'
import { invalid } from '#contract/errors'
import * as agents from '../../domain/agents.ts'
import type { Domain, Principal } from '../../domain/domain.ts'
import { type Route, read, write } from '../../http/route.ts'
import { archiveAgent, changeAgent, createAgent, getAgent, listAgents } from './endpoints.ts'
import { toOurAgent, toTheirAgent } from './translate.ts'

export function routes(): Route[] {
  const current = read(getAgent, ({ domain, params }) => toTheirAgent(agents.getAgent(domain, params.id)))
  return [
    read(listAgents, ({ domain }) =>
      agents.listAgents(domain, { limit: maxAgents, offset: 0 }).items.map(toTheirAgent)
    ),
    write(createAgent, ({ domain, body, principal }) =>
      toTheirAgent(agents.createAgent(domain, { ...toOurAgent(body), name: body.name }, principal))
    ),
    current,
    write(
      changeAgent,
      ({ domain, params, body, principal }) => {
        agents.changeAgent(domain, params.id, toOurAgent(body))
        if (body.status !== undefined) setStatus(domain, params.id, body.status, principal)
        return toTheirAgent(agents.getAgent(domain, params.id))
      },
      current
    ),
    write(
      archiveAgent,
      ({ domain, params, principal }) => {
        agents.archiveAgent(domain, params.id, principal)
        return { ok: true as const }
      },
      current
    )
  ]
}

type Status = ReturnType<typeof toTheirAgent>['status']

function setStatus(domain: Domain, id: string, wanted: Status, by: Principal): void {
  const { status } = toTheirAgent(agents.getAgent(domain, id))
  if (status === wanted) return
  switch (wanted) {
    case 'active':
      if (status === 'archived') agents.restoreAgent(domain, id)
      else agents.startAgent(domain, id)
      return
    case 'paused':
      agents.stopAgent(domain, id, by)
      return
    case 'archived':
      agents.archiveAgent(domain, id, by)
      return
    case 'running':
      throw invalid('status', 'an agent is running when one of its tasks is; run one')
    default:
      wanted satisfies never
  }
}
