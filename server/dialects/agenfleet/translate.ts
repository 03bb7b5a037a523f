import type { z } from 'zod'
import type { AuditEntry } from '#contract/audit/audit'
import type { Agent, AgentPatch, AgentStatus } from '#contract/fleet/agents'
import type { Budget } from '#contract/money/budgets'
import type { CostAdvice, getCosts, getForecast } from '#contract/money/costs'
import type { getWorkforce } from '#contract/money/workforce'
import type { User } from '#contract/people/users'
import type { TokenUsage } from '#contract/runs/runs'
import type { AuditQuery } from '../../domain/audit/audit.ts'
import { priceOf } from '../../domain/money/prices.ts'
import type { agent, agentWish } from './endpoints/agents.ts'
import type { auditRecord, exportAudit } from './endpoints/audit.ts'
import type { getBilling } from './endpoints/billing.ts'
import type {
  getCostSummary,
  listCostsByAgent,
  listCostsByModel,
  listCostsByProvider,
  listRecommendations
} from './endpoints/costs.ts'
import type { getWorkforceSummary } from './endpoints/workforce.ts'

type TheirAgent = z.output<typeof agent>
type TheirWish = z.output<typeof agentWish>
type Costs = z.output<typeof getCosts.output>
type Workforce = z.output<typeof getWorkforce.output>
type Output<E extends { output: z.ZodType }> = z.output<E['output']>

const statusOfAgent: Record<AgentStatus, TheirAgent['status']> = {
  idle: 'online',
  queued: 'online',
  running: 'online',
  waiting: 'online',
  degraded: 'degraded',
  paused: 'offline',
  archived: 'offline'
}

/** `hasRunner`: a connected runner could run it. */
export function toTheirStatus({ status }: Agent, hasRunner: boolean): TheirAgent['status'] {
  return hasRunner ? statusOfAgent[status] : 'offline'
}

export function toTheirAgent(agent: Agent, hasRunner: boolean): TheirAgent {
  const { id, name, role, description, model, createdAt, lastActiveAt, counters, limits } = agent
  return {
    id,
    name,
    role,
    description,
    status: toTheirStatus(agent, hasRunner),
    model,
    createdAt,
    lastActiveAt,
    tokensTodayInput: counters.inputTokensToday,
    tokensTodayOutput: counters.outputTokensToday,
    tools: { allowed: agent.allowedTools },
    limits,
    config: {
      model: { default: model, fallbacks: agent.fallbackModels },
      tools: { allowed: agent.allowedTools },
      limits
    }
  }
}

/** Only what the wish names. The document knows no provider: a model that has a price tells it. */
export function toOurAgent({ config = {}, ...same }: TheirWish, limits: Agent['limits'] | null): AgentPatch {
  const model = config.model?.default
  const provider = model ? priceOf(model)?.provider : undefined
  const patch: AgentPatch = {
    ...same,
    model,
    provider,
    fallbackModels: config.model?.fallbacks,
    allowedTools: config.tools?.allowed,
    limits: config.limits && mergedLimits(config.limits, limits)
  }
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
}

type TheirLimits = NonNullable<NonNullable<TheirWish['config']>['limits']>

function mergedLimits(wanted: TheirLimits, present: Agent['limits'] | null): Agent['limits'] {
  const known = present ?? { dailyTokenBudget: null, monthlyTokenBudget: null, alertThreshold: 0.8 }
  const named = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
  return { ...known, ...named }
}

export function toTheirUser({ id, email, role }: User) {
  return { id, email, role }
}

const providerNames: Record<string, string> = {
  anthropic: 'Anthropic',
  openai: 'OpenAI',
  google: 'Google',
  openrouter: 'OpenRouter',
  unknown: 'Unknown'
}

/** What a fleet or an agent may spend in a month. */
function isMonthly({ unit, period }: Budget): boolean {
  return unit === 'usd' && period === 'month'
}

export function fleetBudget(budgets: readonly Budget[]): Budget | undefined {
  return budgets.find(budget => isMonthly(budget) && budget.scope === 'fleet')
}

export function toCostSummary(
  costs: Costs,
  agentCount: number,
  budget: Budget | undefined
): Output<typeof getCostSummary> {
  const { byProvider, byModel } = sourcesOf(costs)
  return {
    tokenCost: {
      total: costs.total.costUsd,
      byProvider: byProvider.map(row => ({ provider: row.key, cost: row.costUsd })),
      byModel: byModel.map(row => ({ model: row.key, cost: row.costUsd }))
    },
    totalSpend: costs.total.costUsd,
    budget: { total: budget?.amount ?? null, utilization: budget?.utilization ?? null },
    agentCount,
    providerCount: byProvider.length
  }
}

/** A run that used no model is no source of cost; of one that did not say which, the source is unknown. */
function sourcesOf({ byProvider, byModel }: Costs): Pick<Costs, 'byProvider' | 'byModel'> {
  const isSource = ({ key, usage, costUsd }: Costs['byProvider'][number]) =>
    key !== '' || costUsd !== 0 || inputOf(usage) + usage.outputTokens > 0
  return {
    byProvider: byProvider.filter(isSource).map(row => ({ ...row, key: row.key || 'unknown' })),
    byModel: byModel
      .filter(isSource)
      .map(row => ({ ...row, key: row.key || 'unknown', provider: row.provider || 'unknown' }))
  }
}

export function toProviders(costs: Costs): Output<typeof listCostsByProvider> {
  const { byProvider, byModel } = sourcesOf(costs)
  return {
    providers: byProvider.map(row => ({
      providerId: row.key,
      providerName: providerNames[row.key] ?? row.key,
      totalCost: row.costUsd,
      totalTokens: inputOf(row.usage) + row.usage.outputTokens,
      models: byModel.filter(model => model.provider === row.key).map(model => model.key)
    }))
  }
}

export function toModels(costs: Costs): Output<typeof listCostsByModel> {
  return {
    models: sourcesOf(costs).byModel.map(row => ({
      model: row.key,
      provider: row.provider,
      inputCost: row.inputUsd,
      outputCost: row.outputUsd,
      totalCost: row.costUsd,
      inputTokens: inputOf(row.usage),
      outputTokens: row.usage.outputTokens,
      pctOfTotal: row.share === null ? null : row.share * 100
    }))
  }
}

/** The document knows no caches: what is read from one is input too. */
function inputOf({ inputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens
}

export function toAgentCosts(
  agents: readonly Agent[],
  { byAgent }: Costs,
  budgets: readonly Budget[],
  hasRunner: (agent: Agent) => boolean
): Output<typeof listCostsByAgent> {
  const costs = new Map(byAgent.map(row => [row.key, row.costUsd]))
  const own = new Map(budgets.filter(isMonthly).map(budget => [budget.agentId, budget]))
  return {
    agents: agents.map(agent => {
      const budget = own.get(agent.id)
      return {
        id: agent.id,
        name: agent.name,
        modelName: agent.model,
        // An agent that did nothing cost nothing; null is an unknown price.
        actualCost: costs.has(agent.id) ? (costs.get(agent.id) ?? null) : 0,
        budget: budget?.amount ?? null,
        utilization: budget?.utilization ?? null,
        overBudget: budget !== undefined && budget.spent >= budget.amount,
        status: toTheirStatus(agent, hasRunner(agent))
      }
    })
  }
}

export function toRecommendations(advice: readonly CostAdvice[]): Output<typeof listRecommendations> {
  return {
    recommendations: advice.flatMap(({ agentId, agentName, provider, model, listUsd, options }) =>
      options.map(option => ({
        agentId,
        agentName,
        provider,
        currentModel: model,
        recommendedModel: option.model,
        currentCost: listUsd,
        recommendedCost: option.listUsd,
        estimatedMonthlySavings: option.monthlySavingUsd,
        arithmetic: option.arithmetic
      }))
    )
  }
}

export function toWorkforce({ data, total, assumptions }: Workforce): Output<typeof getWorkforceSummary> {
  return {
    agents: data.map(row => ({
      id: row.agentId,
      name: row.name,
      medianDurationMs: row.medianMs,
      ...toWorkforceFigures(row)
    })),
    total: toWorkforceFigures(total),
    humanMinutesPerSuccess: assumptions.humanMinutesPerSuccess
  }
}

function toWorkforceFigures(row: Workforce['total']) {
  return {
    runs: row.runs,
    successRate: row.successRate,
    busyTimeMs: row.busyMs,
    humanMinutesSaved: row.humanMinutesSaved,
    costPerSuccess: row.costPerSuccessUsd
  }
}

export function toBilling(
  forecast: z.output<typeof getForecast.output>,
  budget: Budget | undefined
): Output<typeof getBilling> {
  return {
    periodStart: forecast.monthStart,
    periodEnd: forecast.monthEnd,
    currency: 'USD',
    spend: forecast.spentUsd,
    monthlyBudget: budget?.amount ?? null,
    utilization: budget?.utilization ?? null,
    forecast: forecast.forecastUsd,
    forecastReason: forecast.reason
  }
}

type TheirAuditFilter = Omit<z.output<typeof exportAudit.query>, 'format'>

/** `system` is nobody's name here: it stands for all that no person and no key did. */
export function toOurAuditFilter({ actor, status, ...same }: TheirAuditFilter): AuditQuery {
  return {
    ...same,
    ...(actor === 'system' ? { kinds: ['system', 'scheduler', 'runner'] } : { actor }),
    status: status && (status === 'success' ? 'ok' : 'refused')
  }
}

type TheirAuditRecord = z.output<typeof auditRecord>

/** Of the export as a table. */
export const auditColumns: Record<keyof TheirAuditRecord, (record: TheirAuditRecord) => unknown> = {
  id: record => record.id,
  timestamp: record => record.timestamp,
  actor: record => record.actor,
  actorId: record => record.actorId,
  actorType: record => record.actorType,
  ip: record => record.ip,
  action: record => record.action,
  target: record => `${record.target.type} ${record.target.id}`,
  agentId: record => record.agentId,
  status: record => record.status,
  before: record => record.before && JSON.stringify(record.before),
  after: record => record.after && JSON.stringify(record.after),
  previousHash: record => record.previousHash,
  hash: record => record.hash
}

export function toAuditRecord(entry: AuditEntry): TheirAuditRecord {
  const { seq, ts, actor, action, target, agentId, outcome, before, after, prev, hash } = entry
  return {
    id: String(seq),
    timestamp: ts,
    actor: actor.name,
    actorId: actor.id,
    actorType: actor.kind,
    ip: actor.ip,
    action,
    target,
    agentId,
    status: outcome === 'ok' ? 'success' : 'failure',
    before,
    after,
    previousHash: prev,
    hash
  }
}
