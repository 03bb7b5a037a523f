import { z } from 'zod'
import { auditEntry, auditFormats, exportAudit as ourExport } from '#contract/audit/audit'
import { endpoint, idParams, page, queryInt, timestamp } from '#contract/endpoint'
import { agentLimits } from '#contract/fleet/agents'
import { login as ourLogin, verifyMfa as ourVerify } from '#contract/people/session'
import { roles } from '#contract/people/users'

const largestPage = 100

const paging = z.object({
  limit: queryInt(0, Number.MAX_SAFE_INTEGER)
    .default(20)
    .transform(limit => Math.min(limit, largestPage))
    .describe(`At most ${largestPage}; more is taken for that`),
  offset: queryInt(0, 1_000_000_000).default(0)
})

const signedIn = z.object({
  token: z.string(),
  user: z.object({ id: z.uuid(), email: z.string(), role: z.enum(roles) })
})

export const login = endpoint({
  id: 'login',
  method: 'POST',
  path: '/api/auth/login',
  tag: 'auth',
  summary: 'Log in for a token that lasts 12 hours. Where MFA is on, the code must follow.',
  scope: 'public',
  body: ourLogin.body.omit({ as: true }),
  output: z.union([signedIn, z.object({ mfaRequired: z.literal(true), mfaToken: z.string() })]),
  errors: ourLogin.errors
})

export const verifyMfa = endpoint({
  id: 'verifyMfa',
  method: 'POST',
  path: '/api/auth/mfa/verify',
  tag: 'auth',
  summary: 'Finish a login with a code of the authenticator, or a recovery code',
  scope: 'public',
  body: ourVerify.body.omit({ as: true }),
  output: signedIn,
  errors: ourVerify.errors
})

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

const usd = z.number().nullable().describe('USD; null: no price is known')
const tokens = z.int()

export const getCostSummary = endpoint({
  id: 'getCostSummary',
  method: 'GET',
  path: '/api/cost-analysis/summary',
  tag: 'cost-analysis',
  summary: 'Spend of this calendar month (UTC), and the budget of the fleet',
  scope: 'read',
  output: z.object({
    tokenCost: z.object({
      total: usd,
      byProvider: z.array(z.object({ provider: z.string(), cost: usd })),
      byModel: z.array(z.object({ model: z.string(), cost: usd }))
    }),
    totalSpend: usd,
    budget: z.object({
      total: z.number().nullable().describe('null: none is set'),
      utilization: z.number().nullable().describe('Spent of it, 0 to 1 and beyond')
    }),
    agentCount: z.int(),
    providerCount: z.int()
  })
})

export const listCostsByProvider = endpoint({
  id: 'listCostsByProvider',
  method: 'GET',
  path: '/api/cost-analysis/by-provider',
  tag: 'cost-analysis',
  summary: 'Spend of this month by provider, most used first',
  scope: 'read',
  output: z.object({
    providers: z.array(
      z.object({
        providerId: z.string(),
        providerName: z.string(),
        totalCost: usd,
        totalTokens: tokens,
        models: z.array(z.string())
      })
    )
  })
})

export const listCostsByModel = endpoint({
  id: 'listCostsByModel',
  method: 'GET',
  path: '/api/cost-analysis/by-model',
  tag: 'cost-analysis',
  summary: 'Spend of this month by model, most used first',
  scope: 'read',
  output: z.object({
    models: z.array(
      z.object({
        model: z.string(),
        provider: z.string(),
        inputCost: usd,
        outputCost: usd,
        totalCost: usd,
        inputTokens: tokens,
        outputTokens: tokens,
        pctOfTotal: z.number().nullable().describe('Percent of the spend')
      })
    )
  })
})

export const listCostsByAgent = endpoint({
  id: 'listCostsByAgent',
  method: 'GET',
  path: '/api/cost-analysis/agents',
  tag: 'cost-analysis',
  summary: 'Every agent with its spend of this month and its monthly budget',
  scope: 'read',
  output: z.object({
    agents: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        modelName: z.string().nullable(),
        actualCost: usd,
        budget: z.number().nullable().describe('USD a month; null: none is set'),
        utilization: z.number().nullable(),
        overBudget: z.boolean(),
        status: z.enum(agentStatuses)
      })
    )
  })
})

export const listRecommendations = endpoint({
  id: 'listRecommendations',
  method: 'GET',
  path: '/api/cost-analysis/recommendations',
  tag: 'cost-analysis',
  summary: 'Cheaper models of the same provider, from the tokens that were used, with the arithmetic; best first',
  scope: 'read',
  output: z.object({
    recommendations: z.array(
      z.object({
        agentId: z.string(),
        agentName: z.string(),
        provider: z.string(),
        currentModel: z.string(),
        recommendedModel: z.string(),
        currentCost: z.number(),
        recommendedCost: z.number(),
        estimatedMonthlySavings: z.number(),
        arithmetic: z.string()
      })
    )
  })
})

const workforceFigures = {
  runs: z.int(),
  successRate: z.number().nullable(),
  busyTimeMs: z.int(),
  humanMinutesSaved: z.number(),
  costPerSuccess: usd
}

export const getWorkforceSummary = endpoint({
  id: 'getWorkforceSummary',
  method: 'GET',
  path: '/api/workforce/summary',
  tag: 'workforce',
  summary: 'What each agent got done in the last 30 days; most runs first',
  scope: 'read',
  output: z.object({
    agents: z.array(
      z.object({ id: z.string(), name: z.string(), medianDurationMs: z.int().nullable(), ...workforceFigures })
    ),
    total: z.object(workforceFigures),
    humanMinutesPerSuccess: z.number().describe('The assumption behind the minutes saved; a setting')
  })
})

const billing = z
  .object({
    periodStart: timestamp,
    periodEnd: timestamp,
    currency: z.literal('USD'),
    spend: usd,
    monthlyBudget: z.number().nullable(),
    utilization: z.number().nullable(),
    forecast: z.number().nullable().describe('To the end of the month; null: too little data'),
    forecastReason: z.string().nullable().describe('Why there is no forecast')
  })
  .meta({ id: 'Billing' })

export const getBilling = endpoint({
  id: 'getBilling',
  method: 'GET',
  path: '/api/billing/summary',
  tag: 'billing',
  summary: 'Spend of this calendar month (UTC), its budget, and what it will come to',
  scope: 'read',
  output: billing
})

export const setBudget = endpoint({
  id: 'setBudget',
  method: 'PUT',
  path: '/api/billing/budget',
  tag: 'billing',
  summary: 'Set the monthly budget of the fleet, or with null remove it. Used up, it takes no new runs.',
  scope: 'admin',
  body: z.object({ monthlyBudget: z.number().positive().max(1e9).nullable() }),
  output: billing,
  errors: ['LIMIT_REACHED']
})

const moment = z.iso.datetime({ offset: true })
const auditStatuses = ['success', 'failure'] as const

const auditFilter = z.object({
  actor: z.string().max(200).optional().describe('Id or name; `system` is what happened by itself'),
  agentId: z.string().max(64).optional(),
  type: z.string().max(100).optional().describe('A kind of thing (`agent`) or an action (`agent.changed`)'),
  from: moment.optional(),
  to: moment.optional(),
  status: z.enum(auditStatuses).optional()
})

export const auditRecord = z
  .object({
    id: z.string(),
    timestamp,
    actor: z.string(),
    actorId: z.string(),
    actorType: auditEntry.shape.actor.shape.kind,
    ip: z.string().nullable(),
    action: z.string(),
    target: auditEntry.shape.target,
    agentId: z.string().nullable(),
    status: z.enum(auditStatuses),
    before: auditEntry.shape.before,
    after: auditEntry.shape.after,
    previousHash: z.string(),
    hash: z.string()
  })
  .meta({ id: 'AuditEntry' })

export const listAudit = endpoint({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'audit',
  summary: 'Who did what, most recent first',
  scope: 'admin',
  query: paging.extend(auditFilter.shape),
  output: page(auditRecord),
  errors: ['UNKNOWN_AGENT']
})

export const exportAudit = endpoint({
  id: 'exportAudit',
  method: 'GET',
  path: '/api/audit/export',
  tag: 'audit',
  summary: 'All entries that match, oldest first, as a file, with the whole chain',
  scope: 'admin',
  query: ourExport.query
    .omit({ kind: true })
    .extend({ ...auditFilter.shape, format: z.enum(auditFormats).default('json') }),
  output: z.object({ data: z.array(auditRecord) }),
  errors: ['UNKNOWN_AGENT'],
  stream: 'text/csv'
})
