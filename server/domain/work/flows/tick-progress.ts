import type { RunStatus } from '#contract/runs/runs'
import type { FlowRunStatus } from '#contract/work/flow-runs'
import type { RunRow } from '../../../store/runs/runs.ts'
import type { TickRow } from '../../../store/work/flow-ticks.ts'
import type { Domain } from '../../domain.ts'
import { moveTick, type Why } from './tick-moves.ts'

/** How the status of a run reads on the tick that it was launched for. */
const statusOf: Record<RunStatus, FlowRunStatus> = {
  QUEUED: 'approved',
  CLAIMED: 'approved',
  RUNNING: 'running',
  WAITING: 'running',
  SUCCEEDED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'failed',
  TIMED_OUT: 'failed',
  LOST: 'failed'
}

const longestResult = 2000

/** Carries the move of a run over to its tick. What follows from its end is a duty, and so survives whatever happens. */
export function followTick(domain: Domain, run: RunRow): void {
  const tick = run.flow_id === null ? undefined : domain.store.flowTicks.byRun(run.id)
  if (!tick) return
  const status = statusOf[run.status]
  if (status === tick.status && run.ended_at === null) return
  const now = domain.clock.now()
  const ended = status === 'completed' || status === 'failed'
  if (!ended && tick.ended_at !== null && tick.wake_at === null) uncount(domain, tick)
  moveTick(domain, tick, status, status === 'failed' ? whyOf(run) : null, {
    started_at: tick.started_at ?? (status === 'running' ? now : null),
    ...(ended
      ? {
          wake_at: now,
          ended_at: now,
          result: run.result?.slice(0, longestResult) ?? null,
          tokens: run.input_tokens + run.output_tokens + run.cache_read_tokens + run.cache_write_tokens,
          cost_usd: run.cost_usd
        }
      : {})
  })
}

/** It was counted as failed, and goes on after all. */
function uncount({ store }: Domain, { flow_id }: TickRow): void {
  const flow = store.flows.byId(flow_id)
  if (flow)
    store.flows.update(flow.number, {
      runs: flow.runs - 1,
      failures: flow.failures - 1,
      recent: flow.recent.slice(0, -1)
    })
}

function whyOf({ status, error_code, error_message, stop_reason }: RunRow): Why {
  if (status === 'CANCELLED') return { code: 'CANCELLED', message: stop_reason ?? 'cancelled' }
  return { code: error_code ?? status, message: error_message ?? status.toLowerCase().replace('_', ' ') }
}
