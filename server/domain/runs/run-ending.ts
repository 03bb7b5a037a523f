import type { RunFailure } from '#contract/runs/runs'
import { type RunRow, usageOf } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { settleAgent } from '../fleet/agents.ts'
import { settle, unsettle } from '../money/spending.ts'
import { countRun, providerOfRun } from '../money/usage.ts'
import { explainWaiting, offer, wakeAll } from '../runners/placement.ts'
import { homeOf } from '../runners/runners.ts'
import { closePending, reopenExpired } from './approvals.ts'
import { dropInput, requeueInput } from './dropped-input.ts'
import type { EventDraft } from './event-draft.ts'
import { appendEvents, moveRun } from './run-moves.ts'

export interface Ending {
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'TIMED_OUT' | 'LOST'
  result: string | null
  error: RunFailure | null
}

/** Ends a run: what still waits is withdrawn, the last event says how it ended, listeners are told. */
export function endRun(domain: Domain, run: RunRow, ending: Ending): RunRow {
  const cleared = dropInput(domain, closePending(domain, run, ending.status === 'LOST' ? 'expired' : 'withdrawn'))
  const now = domain.clock.now()
  const moved = moveRun(domain, cleared, ending.status, ending.error?.message ?? null, {
    result: ending.result,
    error_code: ending.error?.code ?? null,
    error_message: ending.error?.message ?? null,
    runner_id: homeOfRun(domain, run),
    ended_at: now,
    provider: providerOfRun(domain, run),
    lease_until: null,
    accepts_input: 0
  })
  countRun(domain, moved)
  settle(domain, moved)
  // To be stopped, or lost with its runner, says nothing of an agent.
  if (run.agent_id !== null && ending.status !== 'CANCELLED' && ending.status !== 'LOST')
    settleAgent(domain, run.agent_id, {
      id: run.id,
      succeeded: ending.status === 'SUCCEEDED',
      hasSession: run.session_id !== null
    })
  // A follow-up may have been waiting for the end.
  if (domain.store.runs.hasSuccessor(run.id)) offer(domain, moved)
  if (domain.store.queue.waitsForFolder()) {
    explainWaiting(domain)
    wakeAll(domain)
  }
  const ended = appendEvents(domain, moved, [endEvent(moved, ending, now)])
  domain.store.writer.afterCommit(() => {
    domain.bus.publish('end', String(run.number), { run: run.number, status: ending.status })
  })
  return ended
}

function endEvent(run: RunRow, ending: Ending, now: number): EventDraft {
  const facts = {
    status: ending.status,
    durationMs: run.started_at === null ? null : Math.max(0, now - run.started_at),
    waitedMs: run.waited_ms,
    costUsd: run.cost_usd,
    costEstimated: run.cost_estimated === 1,
    usage: usageOf(run)
  }
  if (ending.error)
    return {
      kind: 'error',
      message: ending.error.message,
      data: { ...facts, code: ending.error.code, retrying: false }
    }
  return { kind: 'result', message: ending.status === 'CANCELLED' ? 'Cancelled' : 'Done', data: facts }
}

/**
 * A run that was given up is alive after all. What it asked is open again, for its agent still waits for the answer.
 */
export function reviveRun(domain: Domain, run: RunRow): RunRow {
  countRun(domain, run, -1)
  unsettle(domain, run)
  requeueInput(domain, run)
  const revived = moveRun(domain, run, 'RUNNING', 'Its runner came back', {
    ended_at: null,
    error_code: null,
    error_message: null,
    accepts_input: 1
  })
  return reopenExpired(domain, revived)
}

/** Its agent had been started and is gone with its runner, or cannot be told from one that is. */
export function loseRun(domain: Domain, run: RunRow): RunRow {
  const message = 'The runner that executed it went away'
  return endRun(domain, run, { status: 'LOST', result: null, error: { code: 'LOST', message } })
}

/** Its runner says that it does not hold it. What it never started can be taken again; what had started is lost. */
export function giveUp(domain: Domain, held: RunRow): RunRow {
  // One that was only asked whether it may start has not started.
  const run = held.status === 'WAITING' && held.started_at === null ? closePending(domain, held, 'withdrawn') : held
  if (run.status !== 'CLAIMED') return loseRun(domain, run)
  if (run.stopping !== 'no') return endRun(domain, run, { status: 'CANCELLED', result: null, error: null })
  const queued = { lease_until: null, runner_id: run.pinned === 1 ? homeOfRun(domain, run) : null }
  const requeued = moveRun(domain, run, 'QUEUED', 'Its runner went away before it started', queued)
  offer(domain, requeued)
  return requeued
}

function homeOfRun(domain: Domain, run: RunRow): string | null {
  return run.runner_id === null ? null : homeOf(domain, run.runner_id)
}
