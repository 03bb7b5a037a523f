import { AppError, Missing } from '#contract/errors'
import type { FlowRun, FlowRunStatus } from '#contract/work/flow-runs'
import { iso, isoOrNull } from '../../../store/columns.ts'
import type { TickRow } from '../../../store/work/flow-ticks.ts'
import type { FlowRow } from '../../../store/work/flows.ts'
import type { Domain } from '../../domain.ts'
import { type ToolCall, toolCallsOf } from '../../runs/tool-calls.ts'
import { requireFlow } from './flows.ts'
import { requireOwnVariables } from './prompt.ts'
import { raiseTick } from './ticks.ts'

/** By hand. Throws FLOW_NOT_ACTIVE, FLOW_RUNNING and whatever speaks against its run. */
export function triggerFlow(domain: Domain, id: string, given: Readonly<Record<string, string>>): FlowRun {
  const flow = requireActive(requireFlow(domain, id))
  requireOwnVariables(flow, given)
  const occasion = { origin: 'manual', trigger: null, dueAt: domain.clock.now(), given } as const
  return toFlowRun(domain, raiseTick(domain, flow, occasion, true))
}

/** Throws FLOW_NOT_ACTIVE. */
export function requireActive(flow: FlowRow): FlowRow {
  if (flow.status === 'active') return flow
  const why = flow.status_reason === null ? '' : ` (${flow.status_reason})`
  throw new AppError('FLOW_NOT_ACTIVE', `The flow is ${flow.status}${why}; make it active first`)
}

export interface FlowRunQuery {
  status?: FlowRunStatus | undefined
  limit: number
  offset: number
}

export function listFlowRuns(domain: Domain, id: string, query: FlowRunQuery): { items: FlowRun[]; total: number } {
  const { flowTicks } = domain.store
  const flow = requireFlow(domain, id).id
  const status = query.status ?? null
  return {
    items: flowTicks.list(flow, status, query).map(tick => toFlowRun(domain, tick)),
    total: flowTicks.total(flow, status)
  }
}

export function getFlowRun(domain: Domain, id: string, runId: string): FlowRun {
  const tick = domain.store.flowTicks.byId(runId)
  if (tick?.flow_id !== requireFlow(domain, id).id) throw new Missing('flow run', runId)
  return toFlowRun(domain, tick)
}

/** The question that a run of a flow waits for. Throws APPROVAL_DECIDED. */
export function requireQuestion({ status, approvalId }: FlowRun): string {
  if (status === 'pending' && approvalId !== null) return approvalId
  throw new AppError('APPROVAL_DECIDED', `It does not wait for approval: it is ${status}`)
}

export interface Outcome {
  toolCalls: ToolCall[]
  /** All that the agent said in the end. */
  result: string | null
}

/** What its last run did and told. */
export function outcomeOf(domain: Pick<Domain, 'store'>, { runId }: Pick<FlowRun, 'runId'>): Outcome {
  const run = runId === null ? undefined : domain.store.runs.byId(runId)
  return { toolCalls: run ? toolCallsOf(domain, run) : [], result: run?.result ?? null }
}

function toFlowRun({ store }: Pick<Domain, 'store'>, tick: TickRow): FlowRun {
  const reason = tick.reason_code === null ? null : { code: tick.reason_code, message: tick.reason ?? '' }
  const run = tick.run_id === null ? undefined : store.runs.byId(tick.run_id)
  return {
    id: tick.id,
    flowId: tick.flow_id,
    status: tick.status,
    reason,
    origin: tick.origin,
    triggerId: tick.trigger_id,
    dueAt: iso(tick.due_at),
    lateMs: Math.max(0, tick.created_at - tick.due_at),
    missed: tick.missed,
    attempt: tick.attempt,
    runId: run?.id ?? null,
    approvalId: tick.approval_id,
    retryAt: tick.status === 'retrying' ? isoOrNull(tick.wake_at) : null,
    resultSummary: tick.result,
    errorMessage: tick.status === 'failed' ? tick.reason : null,
    tokensUsed: tick.tokens,
    costUsd: tick.cost_usd,
    durationMs:
      tick.started_at === null || tick.ended_at === null ? null : Math.max(0, tick.ended_at - tick.started_at),
    createdAt: iso(tick.created_at),
    startedAt: isoOrNull(tick.started_at),
    completedAt: isoOrNull(tick.ended_at)
  }
}
