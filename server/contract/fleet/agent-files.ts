import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { agent, createAgentBody } from './agents.ts'

/** Agents that one file may bring. */
export const maxImported = 1000

/** What a file says of an agent: what a person decided about it, the name alone is needed. Secrets are in no file. */
export const filedAgent = createAgentBody
  .omit({ managerId: true, mcpIds: true })
  .extend({ manager: z.string().max(64).nullable().optional().describe('Slug of who it reports to') })
  .meta({ id: 'FiledAgent' })
export type FiledAgent = z.output<typeof filedAgent>

export const fileKind = 'flotilla.agents'

/** A file of agents, as JSON. */
export const agentFile = z.object({ kind: z.literal(fileKind), version: z.literal(1), agents: z.array(filedAgent) })
export type AgentFile = z.output<typeof agentFile>

const importEntry = z.object({
  name: z.string().describe('As the file has it; empty where it has none'),
  faults: z.array(z.object({ path: z.string(), message: z.string() })).describe('Why it cannot be made as it is'),
  notes: z.array(z.string()).describe('What will be otherwise than the file says')
})

export const importAgents = endpoint({
  id: 'importAgents',
  method: 'POST',
  path: '/api/v1/agents/import',
  tag: 'agents',
  summary: 'Make the agents of a file, all or none; a dry run tells of each what is wrong and makes none',
  scope: 'write',
  body: z.object({
    agents: z.array(z.unknown()).min(1).max(maxImported).describe('Each a FiledAgent; what is none is told as a fault'),
    dryRun: z.boolean().default(false)
  }),
  output: z.object({ entries: z.array(importEntry), made: z.array(agent) }),
  errors: ['LIMIT_REACHED']
})
export type Import = z.output<typeof importAgents.output>
