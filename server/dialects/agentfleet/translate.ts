import type { z } from 'zod'
import type { Run, RunStatus } from '#contract/runs/runs'
import type { run } from './endpoints/runs.ts'

type TheirRun = z.output<typeof run>

/** How a run failed its error code says. */
const statusOfRun: Record<RunStatus, TheirRun['status']> = {
  QUEUED: 'QUEUED',
  CLAIMED: 'QUEUED',
  RUNNING: 'RUNNING',
  WAITING: 'WAITING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  TIMED_OUT: 'FAILED',
  LOST: 'FAILED',
  CANCELLED: 'CANCELLED'
}

export function toTheirRun(run: Run): TheirRun {
  return { ...run, status: statusOfRun[run.status] }
}
