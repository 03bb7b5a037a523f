import type { Flow } from '#contract/work/flows'
import { stringsOf } from '../../../store/fleet/agents.ts'
import type { Domain } from '../../domain.ts'
import { listMcps } from '../../fleet/mcps.ts'

/** What runs of a flow get: its own, or that of its agent. */
export interface Equipment {
  model: string | null
  /** Names of MCP servers. */
  mcps: readonly string[]
}

/** MCP servers are looked at once, for any number of flows. */
export function equipment(
  domain: Pick<Domain, 'store'>
): (flow: Pick<Flow, 'agentId' | 'model' | 'mcpIds'>) => Equipment {
  const known = listMcps(domain)
  return ({ agentId, model, mcpIds }) => {
    const agent = domain.store.agents.byId(agentId)
    const named = mcpIds ?? (agent?.mcp_ids ? stringsOf(agent.mcp_ids) : null)
    const mcps = known.filter(({ id }) => named === null || named.includes(id))
    return { model: model ?? agent?.model ?? null, mcps: mcps.map(({ name }) => name) }
  }
}
