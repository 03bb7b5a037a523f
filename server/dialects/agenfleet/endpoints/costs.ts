import { z } from 'zod'
import { endpoint } from '#contract/endpoint'
import { usd } from '#contract/usd'
import { agentStatuses } from './agents.ts'
import { cost, tokens } from './parts.ts'

export const getCostSummary = endpoint({
  id: 'getCostSummary',
  method: 'GET',
  path: '/api/cost-analysis/summary',
  tag: 'cost-analysis',
  summary: 'Spend of this calendar month (UTC), and the budget of the fleet',
  scope: 'read',
  output: z.object({
    tokenCost: z.object({
      total: cost,
      byProvider: z.array(z.object({ provider: z.string(), cost })),
      byModel: z.array(z.object({ model: z.string(), cost }))
    }),
    totalSpend: cost,
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
        totalCost: cost,
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
        inputCost: cost,
        outputCost: cost,
        totalCost: cost,
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
        actualCost: cost,
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
        currentCost: usd,
        recommendedCost: usd,
        estimatedMonthlySavings: usd,
        arithmetic: z.string()
      })
    )
  })
})
