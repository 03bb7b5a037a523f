import type { RunStatus } from '#contract/runs/runs'

/**
 * The one table of legal moves. LOST can be left again because a runner that was cut off may come back with the truth,
 * as long as nobody continued the run in the meantime (see runs.ts).
 */
const legalMoves: Record<RunStatus, readonly RunStatus[]> = {
  QUEUED: ['CLAIMED', 'FAILED', 'CANCELLED'],
  CLAIMED: ['RUNNING', 'WAITING', 'QUEUED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'LOST'],
  RUNNING: ['WAITING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'LOST'],
  WAITING: ['RUNNING', 'CLAIMED', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'LOST'],
  SUCCEEDED: [],
  FAILED: [],
  CANCELLED: [],
  TIMED_OUT: [],
  LOST: ['RUNNING']
}

export function canMove(from: RunStatus, to: RunStatus): boolean {
  return legalMoves[from].includes(to)
}
