import { invalid } from '#contract/errors'
import { maxAgents } from '#contract/fleet/agents'
import type { Domain, Principal } from '../../domain/domain.ts'
import * as agents from '../../domain/fleet/agents.ts'
import * as mcps from '../../domain/fleet/mcps.ts'
import * as secrets from '../../domain/fleet/secrets.ts'
import { usage } from '../../domain/money/usage.ts'
import { getUser } from '../../domain/people/users.ts'
import { listRunners } from '../../domain/runners/runners.ts'
import * as messages from '../../domain/work/messages.ts'
import * as tasks from '../../domain/work/tasks.ts'
import { Answered, follow, type Route, read, type Services, write } from '../../http/for-faces.ts'
import * as theirs from './endpoints.ts'
import { streamRun } from './run-stream.ts'
import { toFeatures, toOurAgent, toOurTask, toTheirAgent, toTheirMcp, toTheirTask, toTheirUsage } from './translate.ts'

const ok = { ok: true as const }

/** Without a plan to sell there is one, and it has everything. */
const plan = 'enterprise'

export function routes(services: Services): Route[] {
  return [...agentRoutes(), ...taskRoutes(), ...secretRoutes(), ...otherRoutes(services)]
}

function agentRoutes(): Route[] {
  return [
    read(theirs.listAgents, ({ domain }) =>
      agents.listAgents(domain, { limit: maxAgents, offset: 0 }).items.map(toTheirAgent)
    ),
    write(theirs.createAgent, ({ domain, body, principal }) =>
      toTheirAgent(agents.createAgent(domain, { ...toOurAgent(body), name: body.name }, principal))
    ),
    read(theirs.getAgent, ({ domain, params }) => toTheirAgent(agents.getAgent(domain, params.id))),
    write(theirs.changeAgent, ({ domain, params, body, principal }) => {
      agents.changeAgent(domain, params.id, toOurAgent(body))
      if (body.status !== undefined) setStatus(domain, params.id, body.status, principal)
      return toTheirAgent(agents.getAgent(domain, params.id))
    }),
    write(theirs.archiveAgent, ({ domain, params, principal }) => {
      agents.archiveAgent(domain, params.id, principal)
      return ok
    })
  ]
}

function taskRoutes(): Route[] {
  return [
    read(theirs.listTasks, ({ domain, query }) => {
      const { assignee: assigneeId, ...same } = query
      return tasks.withRecentLogs(domain, tasks.listTasks(domain, { ...same, assigneeId }).items).map(toTheirTask)
    }),
    write(theirs.createTask, ({ domain, body, principal }) => {
      const { title, input } = body
      const { id } = tasks.createTask(domain, { ...toOurTask(body), title, input }, principal)
      return toTheirTask(tasks.getTask(domain, id))
    }),
    read(theirs.getTask, ({ domain, params }) => toTheirTask(tasks.getTask(domain, params.id))),
    write(theirs.changeTask, ({ domain, params, body, principal }) => {
      tasks.changeTask(domain, params.id, toOurTask(body), principal)
      return toTheirTask(tasks.getTask(domain, params.id))
    }),
    follow(
      theirs.runTask,
      ({ domain, body }) => ({ runId: tasks.runTask(domain, body.taskId).id }),
      ({ domain, response }, { runId }) => streamRun(domain, runId, response)
    )
  ]
}

function secretRoutes(): Route[] {
  return [
    read(theirs.listSecrets, ({ domain, query: { scope, agent } }) => {
      const agentId =
        scope === 'org' || agent === undefined ? undefined : agents.referredAgent(domain, 'agent', agent).id
      return secrets.listSecrets(domain, { scope, agentId })
    }),
    write(theirs.setSecret, ({ domain, body }) => {
      const { made } = secrets.setSecret(domain, { ...body, agentId: body.agentId ?? undefined })
      return made ? ok : new Answered(200, ok)
    }),
    write(theirs.deleteSecret, ({ domain, query: { key, scope, agentId } }) => {
      secrets.deleteSecret(domain, key, { scope, agentId: agentId ?? undefined })
      return ok
    })
  ]
}

function otherRoutes({ instanceId }: Services): Route[] {
  return [
    read(theirs.listMessages, ({ domain, query }) => messages.listMessages(domain, { ...query, offset: 0 }).items),
    read(theirs.listMcps, ({ domain }) => mcps.listMcps(domain).map(toTheirMcp)),
    write(theirs.createMcp, ({ domain, body }) => toTheirMcp(mcps.createMcp(domain, body))),
    read(theirs.getUsage, ({ domain, query: { period, agent } }) => {
      const agentId = agent === undefined ? undefined : agents.referredAgent(domain, 'agent', agent).id
      const by = (groupBy: 'agent' | 'model' | 'day') => usage(domain, { period, groupBy, agentId }).data
      return toTheirUsage({ agent: by('agent'), model: by('model'), day: by('day') })
    }),
    read(theirs.getMe, ({ domain, principal }) => {
      const { id, email, name, role } = getUser(domain, principal.user.id)
      const org = { id: instanceId, name: 'Flotilla' }
      return { id, email, name, role, org, plan, features: toFeatures(principal, listRunners(domain)) }
    })
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
