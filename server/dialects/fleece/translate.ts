import type { z } from 'zod'
import type { Agent } from '#contract/fleet/agents'
import type { Key } from '#contract/people/keys'
import type { Run } from '#contract/runs/runs'
import type { FlowRun, FlowRunStatus } from '#contract/work/flow-runs'
import type { Flow, FlowStatus } from '#contract/work/flows'
import type { ToolCall } from '../../domain/runs/tool-calls.ts'
import type { Equipment } from '../../domain/work/flows/equipment.ts'
import type { Outcome } from '../../domain/work/flows/flow-runs.ts'
import { type agent, agentTypes, type executeAgent } from './endpoints/agents.ts'
import type { flow, flowRun, listFlowRuns } from './endpoints/flows.ts'
import type { listApiKeys } from './endpoints/keys.ts'

type TheirAgent = z.output<typeof agent>
type Execution = z.output<typeof executeAgent.output>
type TheirFlow = z.output<typeof flow>
type TheirFlowRun = z.output<typeof flowRun>
type FlowRunSummary = z.output<typeof listFlowRuns.output>['data'][number]
type TheirKey = z.output<typeof listApiKeys.output>[number]

export function toTheirAgent(agent: Agent, averageMs: number | null): TheirAgent {
  const { id, name, description, model, provider, capabilities, lastActiveAt, createdAt, updatedAt } = agent
  return {
    id,
    name,
    description,
    type: agentTypes.find(type => agent.tags.includes(type)) ?? 'general',
    icon: agent.glyph,
    model,
    provider,
    capabilities,
    isActive: agent.status !== 'paused' && agent.status !== 'archived',
    totalTasksCompleted: agent.counters.succeeded,
    totalTasksFailed: agent.counters.failed,
    averageExecutionTime: Math.round((averageMs ?? 0) / 1000),
    lastActiveAt,
    createdAt,
    updatedAt
  }
}

export function promptOf({ task, timezone }: z.output<typeof executeAgent.body>): string {
  return timezone === undefined ? task : `${task}\n\n(Times are meant in the time zone ${timezone}.)`
}

export function toExecution(run: Run, toolCalls: readonly ToolCall[]): Execution {
  const { id, agentId, status, result, usage, durationMs, error } = run
  const completed = status === 'SUCCEEDED'
  const why = status === 'CANCELLED' ? 'cancelled' : (error?.message ?? status.toLowerCase().replace('_', ' '))
  return {
    id,
    agentId: agentId ?? '',
    status: completed ? 'completed' : 'failed',
    result,
    toolCalls: [...toolCalls],
    tokensUsed: Object.values(usage).reduce((sum, tokens) => sum + tokens, 0),
    durationMs,
    error: completed ? null : why
  }
}

const statusOfFlow: Record<FlowStatus, TheirFlow['status']> = {
  active: 'active',
  paused: 'paused',
  error: 'error',
  draft: 'draft',
  archived: 'paused'
}

export function toTheirFlow(flow: Flow, { model, mcps }: Equipment): TheirFlow {
  const schedule = flow.triggers.find(trigger => trigger.type === 'schedule')
  return {
    ...flow,
    cronExpression: schedule?.cron ?? null,
    scheduleDescription: flow.schedule,
    timezone: schedule?.timezone ?? null,
    status: statusOfFlow[flow.status],
    model,
    integrations: [...mcps]
  }
}

/** Only `pending` waits for a person, and what did not start at all was skipped. */
const statusOfFlowRun: Record<FlowRunStatus, FlowRunSummary['status']> = {
  checking: 'approved',
  pending: 'pending',
  queued: 'approved',
  approved: 'approved',
  running: 'running',
  retrying: 'running',
  completed: 'completed',
  failed: 'failed',
  skipped: 'skipped',
  refused: 'skipped'
}

export function toTheirFlowRun(run: FlowRun): FlowRunSummary {
  const status = statusOfFlowRun[run.status]
  const { reason, resultSummary, errorMessage } = run
  return {
    ...run,
    status,
    resultSummary: status === 'skipped' ? (reason?.message ?? null) : resultSummary,
    errorMessage: reason?.code === 'CANCELLED' ? 'cancelled' : errorMessage
  }
}

export function withDetails(run: FlowRunSummary, { toolCalls, result }: Outcome): TheirFlowRun {
  return { ...run, resultData: objectIn(result), toolCalls: [...toolCalls] }
}

function objectIn(text: string | null): Record<string, unknown> | null {
  if (text === null || !text.trimStart().startsWith('{')) return null
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}

export function toTheirKey(key: Key, now: number): TheirKey {
  const { id, name, prefix, lastUsedAt, expiresAt, createdAt } = key
  const isActive = expiresAt === null || Date.parse(expiresAt) > now
  return { id, name, keyPrefix: prefix, isActive, lastUsedAt, expiresAt, createdAt }
}
