import { z } from 'zod'
import { endpoint, idParams, page, timestamp } from '#contract/endpoint'
import { agentLimits } from '#contract/fleet/agents'
import { paging } from './parts.ts'

export const agentStatuses = ['online', 'degraded', 'offline', 'provisioning'] as const

const tools = z.object({ allowed: z.array(z.string()) })

export const agent = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.string(),
    description: z.string(),
    status: z.enum(agentStatuses),
    model: z.string().nullable(),
    createdAt: timestamp,
    lastActiveAt: timestamp.nullable(),
    tokensTodayInput: z.int(),
    tokensTodayOutput: z.int(),
    tools,
    limits: agentLimits,
    config: z.object({
      model: z.object({ default: z.string().nullable(), fallbacks: z.array(z.string()) }),
      tools,
      limits: agentLimits
    })
  })
  .meta({ id: 'Agent' })

const model = z.string().min(1).max(200)

/** Limits that are not named stay as they are; the domain's own have defaults, which would reset them. */
const limits = z.object({
  dailyTokenBudget: z.int().positive().nullish(),
  monthlyTokenBudget: z.int().positive().nullish(),
  alertThreshold: z.number().min(0).max(1).optional()
})

const agentFields = z.object({
  name: z.string().trim().min(1).max(100),
  role: z.string().max(100_000).optional(),
  description: z.string().max(20_000).optional(),
  config: z
    .object({
      model: z.object({ default: model.nullish(), fallbacks: z.array(model).max(10).optional() }).optional(),
      tools: z.object({ allowed: z.array(z.string().min(1).max(200)).max(200).optional() }).optional(),
      limits: limits.optional()
    })
    .optional()
})
export const agentWish = agentFields.partial()

export const listAgents = endpoint({
  id: 'listAgents',
  method: 'GET',
  path: '/api/agents',
  tag: 'agents',
  summary: 'Agents, most recent first',
  scope: 'read',
  query: paging.extend({ status: z.enum(agentStatuses).optional() }),
  output: page(agent)
})

export const createAgent = endpoint({
  id: 'createAgent',
  method: 'POST',
  path: '/api/agents',
  tag: 'agents',
  summary: 'Create an agent; only its name is needed',
  scope: 'write',
  body: agentFields,
  output: agent,
  status: 201,
  errors: ['NAME_TAKEN', 'LIMIT_REACHED']
})

export const getAgent = endpoint({
  id: 'getAgent',
  method: 'GET',
  path: '/api/agents/:id',
  tag: 'agents',
  summary: 'One agent, by id or slug',
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
  summary: 'Change what the body names; the rest stays',
  scope: 'write',
  params: idParams,
  body: agentWish,
  output: agent,
  errors: ['NOT_FOUND', 'NAME_TAKEN', 'SYSTEM_AGENT']
})

export const deleteAgent = endpoint({
  id: 'deleteAgent',
  method: 'DELETE',
  path: '/api/agents/:id',
  tag: 'agents',
  summary: 'Remove an agent; what it did stays in the figures. It can be restored through the native API.',
  scope: 'write',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'SYSTEM_AGENT']
})

export const restartAgent = endpoint({
  id: 'restartAgent',
  method: 'POST',
  path: '/api/agents/:id/restart',
  tag: 'agents',
  summary: 'Forget its conversation and let it take work again',
  scope: 'write',
  params: idParams,
  output: agent,
  errors: ['NOT_FOUND', 'SYSTEM_AGENT']
})
