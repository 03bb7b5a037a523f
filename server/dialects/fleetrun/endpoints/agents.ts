import { z } from 'zod'
import { endpoint, idParams, timestamp } from '#contract/endpoint'
import { providers } from '#contract/fleet/agents'
import { ok, reference } from './parts.ts'

const agentStatuses = ['active', 'running', 'paused', 'archived'] as const

export const agent = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.string(),
    model: z.string().nullable(),
    provider: z.enum(providers).nullable(),
    glyph: z.string().nullable(),
    manager: z.string().nullable(),
    team: z.string().nullable(),
    status: z.enum(agentStatuses),
    createdAt: timestamp,
    updatedAt: timestamp
  })
  .meta({ id: 'Agent' })

const agentFields = z.object({
  name: z.string().trim().min(1).max(100),
  role: z.string().trim().min(1).max(100_000).describe('System prompt'),
  model: z.string().min(1).max(200),
  provider: z.enum(providers),
  glyph: z.string().regex(/^\p{RGI_Emoji}$/v, 'one emoji is expected'),
  manager: reference.nullish(),
  team: z.string().trim().max(100).nullish()
})

export const listAgents = endpoint({
  id: 'listAgents',
  method: 'GET',
  path: '/api/agents',
  tag: 'agents',
  summary: 'List all agents in the org; archived ones are left out',
  scope: 'read',
  output: z.array(agent)
})

export const createAgent = endpoint({
  id: 'createAgent',
  method: 'POST',
  path: '/api/agents',
  tag: 'agents',
  summary: 'Create a new agent',
  scope: 'write',
  body: agentFields,
  output: agent,
  status: 201,
  errors: ['NAME_TAKEN', 'UNKNOWN_AGENT', 'LIMIT_REACHED']
})

export const getAgent = endpoint({
  id: 'getAgent',
  method: 'GET',
  path: '/api/agents/:id',
  tag: 'agents',
  summary: 'Get a single agent by id or slug',
  scope: 'read',
  params: idParams,
  output: agent,
  errors: ['NOT_FOUND']
})

export const changeAgent = endpoint({
  id: 'changeAgent',
  method: 'PATCH',
  path: '/api/agents/:id',
  tag: 'agents',
  summary:
    'Update agent fields. `active` lets a paused or archived agent take work again; `running` is for its runs to say',
  scope: 'write',
  params: idParams,
  body: agentFields.extend({ status: z.enum(agentStatuses) }).partial(),
  output: agent,
  errors: ['NOT_FOUND', 'NAME_TAKEN', 'UNKNOWN_AGENT', 'CIRCLE', 'SYSTEM_AGENT']
})

export const archiveAgent = endpoint({
  id: 'archiveAgent',
  method: 'DELETE',
  path: '/api/agents/:id',
  tag: 'agents',
  summary: 'Archive an agent (soft delete)',
  scope: 'write',
  params: idParams,
  output: ok,
  errors: ['NOT_FOUND', 'SYSTEM_AGENT']
})
