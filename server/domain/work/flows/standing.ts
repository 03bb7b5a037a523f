import { AppError } from '#contract/errors'
import { roleScopes } from '#contract/people/users'
import type { Flow } from '#contract/work/flows'
import { stringsOf } from '../../../store/fleet/agents.ts'
import type { TriggerRow } from '../../../store/work/flow-triggers.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import type { Domain } from '../../domain.ts'
import { requireWorking } from '../../fleet/agents.ts'
import { sharesFor } from '../../money/spending.ts'
import { sees } from '../../people/sight.ts'
import { whatIsMissing } from '../../runners/placement.ts'
import { runtimeOf } from '../../runs/run-runtime.ts'
import { folderOf } from './folders.ts'
import type { Why } from './tick-moves.ts'

/**
 * The domain in which a flow starts: nobody acts, and it sees what the person sees whose flow it is. Throws FORBIDDEN
 * when that person may not launch runs any more.
 */
export function asOwner(domain: Domain, flow: Pick<FlowRow, 'owner_id'>): Domain {
  const owner = domain.store.users.byId(flow.owner_id)
  const scopes: readonly string[] = owner ? roleScopes[owner.role] : []
  if (!owner || !scopes.includes('write')) {
    const who = owner?.name ?? 'The person whose flow it is'
    throw new AppError('FORBIDDEN', `${who} may not launch runs any more; make the flow anew as somebody who may`)
  }
  return { ...domain, actor: null, sight: scopes.includes('admin') ? 'everything' : { userId: owner.id } }
}

/** What stands against the next run of flows, looked at before it is due. What hangs on an agent is looked at once. */
export function standings(domain: Domain): (flow: FlowRow, triggers: readonly TriggerRow[]) => Flow['standing'] {
  const byAgent = new Map<string, Why[]>()
  return (flow, triggers) => {
    if (flow.status !== 'active') return { state: 'off', problems: [] }
    const key = `${flow.owner_id} ${flow.agent_id}`
    const ofAgent = byAgent.get(key) ?? problemsOfAgent(domain, flow)
    byAgent.set(key, ofAgent)
    const problems = [...ofAgent, ...problemsOfFlow(domain, flow, triggers)]
    return { state: problems.length === 0 ? 'ready' : 'blocked', problems }
  }
}

function problemsOfAgent(domain: Domain, flow: FlowRow): Why[] {
  const refusal = caught(() => asOwner(domain, flow))
  if (refusal) return [refusal]
  const owner = asOwner(domain, flow)
  const agent = domain.store.agents.byId(flow.agent_id)
  if (!agent || !sees(owner, 'agents', agent.id))
    return [
      { code: 'UNKNOWN_AGENT', message: 'Its agent is gone, or not there for whose flow it is; name another one' }
    ]
  const runtime = runtimeOf(domain, agent)
  const missing = whatIsMissing(domain, { runtime, place: agent.place, cwd: agent.cwd, labels: [], images: false })
  return [
    caught(() => requireWorking(agent)),
    caught(() => sharesFor(domain, { agent_id: agent.id, runtime })),
    missing === null ? null : { code: 'NO_RUNNER', message: `${missing}; its runs would wait` }
  ].filter(problem => problem !== null)
}

function problemsOfFlow({ store }: Domain, flow: FlowRow, triggers: readonly TriggerRow[]): Why[] {
  const problems: Why[] = []
  const known = flow.mcp_ids === null ? [] : store.mcps.all().map(({ id }) => id)
  if (flow.mcp_ids !== null && !stringsOf(flow.mcp_ids).every(id => known.includes(id)))
    problems.push({ code: 'UNKNOWN_MCP', message: 'An MCP server that it names is gone; take it out' })
  for (const trigger of triggers) {
    if (trigger.type === 'webhook' && trigger.sealed === null)
      problems.push({ code: 'NO_SECRET', message: 'Its webhook has no secret yet and takes no message; make one' })
    if (trigger.source_flow_id !== null && store.flows.byId(trigger.source_flow_id) === undefined)
      problems.push({ code: 'UNKNOWN_FLOW', message: 'The flow that it comes after is gone; take that trigger out' })
    if (trigger.type === 'change' && trigger.problem !== null)
      problems.push({ code: 'CANNOT_LOOK', message: trigger.problem })
  }
  if (flow.pre_check !== null && folderOf(store, flow, JSON.parse(flow.pre_check)) === null)
    problems.push({ code: 'NO_FOLDER', message: 'Its pre-check names no folder, and its agent has none of its own' })
  return problems
}

function caught(rule: () => unknown): Why | null {
  try {
    rule()
    return null
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message }
    throw error
  }
}
