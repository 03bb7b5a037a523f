import type { z } from 'zod'
import type { Agent, AgentChange, AgentStatus } from '#contract/agents'
import type { agent, changeAgent } from './endpoints.ts'

type TheirAgent = z.output<typeof agent>
type TheirAgentChange = z.output<typeof changeAgent.body>

const statusOfAgent: Record<AgentStatus, TheirAgent['status']> = {
  idle: 'active',
  queued: 'active',
  degraded: 'active',
  running: 'running',
  waiting: 'running',
  paused: 'paused',
  archived: 'archived'
}

export function toTheirAgent(agent: Agent): TheirAgent {
  const { id, name, role, model, provider, glyph, team, createdAt, updatedAt } = agent
  const status = statusOfAgent[agent.status]
  return { id, name, role, model, provider, glyph, manager: agent.managerId, team, status, createdAt, updatedAt }
}

export function toOurAgent({ manager, status: _status, ...same }: TheirAgentChange): AgentChange {
  return { ...same, ...(manager === undefined ? {} : { managerId: manager }) }
}

/** Their names of fields that our messages begin with. */
const fields: Record<string, string> = {
  managerId: 'manager'
}

/** A message of the domain with the field that it names called as this document calls it. */
export function inTheirWords(message: string): string {
  return message.replace(/^(\w+):/, (start, field: string) => (fields[field] ? `${fields[field]}:` : start))
}
