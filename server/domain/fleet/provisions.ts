import type { RunFailure } from '#contract/runs/runs'
import type { RunRow } from '../../store/runs/runs.ts'
import { CannotOpen } from '../../vault/envelope.ts'
import type { Domain } from '../domain.ts'
import { type LeftOutMcp, mcpIdsOf, mcpsFor, type ResolvedMcp } from './mcps.ts'
import { secretsFor } from './secrets.ts'

/** What a run is given at the last moment, in plain: it goes to its runner and is kept nowhere. */
export interface Provisions {
  env: Record<string, string>
  mcpServers: ResolvedMcp[]
  /** MCP servers that it goes without. */
  leftOut: LeftOutMcp[]
}

export function provide(domain: Domain, run: RunRow): Provisions | RunFailure {
  const agent = run.agent_id === null ? null : (domain.store.agents.byId(run.agent_id) ?? null)
  try {
    const env = secretsFor(domain, run.agent_id ?? '')
    return { env, ...mcpsFor(domain, mcpIdsOf(run, agent), env) }
  } catch (error) {
    if (error instanceof CannotOpen)
      return {
        code: 'SECRET_UNREADABLE',
        message: `A stored secret cannot be read (${error.message.toLowerCase()}). Set it again, or bring back the key of this installation.`
      }
    throw error
  }
}
