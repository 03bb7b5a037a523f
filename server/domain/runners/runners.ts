import { AppError, fieldError, Missing } from '#contract/errors'
import type { RunnerCommand } from '#contract/runners/runner-protocol'
import type { Runner } from '#contract/runners/runners'
import { type RunnerRow, toRunner } from '../../store/runners/runners.ts'
import { type Domain, recordChange } from '../domain.ts'
import { reportOf } from './placement.ts'

export function listRunners(domain: Pick<Domain, 'store' | 'presence'>): Runner[] {
  return domain.store.runners.all().map(row => render(domain, row))
}

export function getRunner(domain: Pick<Domain, 'store' | 'presence'>, id: string): Runner {
  return render(domain, requireRunner(domain, id))
}

function render(domain: Pick<Domain, 'store' | 'presence'>, row: RunnerRow): Runner {
  const lastHeard = domain.presence.lastHeard(row)
  return toRunner({ ...row, last_heartbeat_at: lastHeard }, domain.store.runs.heldCount(row.id))
}

export function requireRunner(domain: Pick<Domain, 'store'>, id: string): RunnerRow {
  const row = domain.store.runners.byId(id)
  if (!row || row.state === 'deleted') throw new Missing('runner', id)
  return row
}

/** Where the runs of a runner belong once they have ended: a draining one only finishes them for another. */
export function homeOf(domain: Pick<Domain, 'store'>, runnerId: string): string {
  return domain.store.runners.byId(runnerId)?.drains_for ?? runnerId
}

/** A draining runner that is gone and holds nothing any more was only there for its runs. */
export function removeWhenDrained(domain: Domain, id: string): void {
  const row = domain.store.runners.byId(id)
  if (!row || row.drains_for === null || row.online === 1 || domain.store.runs.heldCount(id) > 0) return
  domain.store.runners.remove(id)
  recordChange(domain, 'runner', 'deleted', id)
}

/** An agent CLI that is there and signed in; the practice agent and plain commands are never a default. */
export function canDo(row: RunnerRow, runtime: string): boolean {
  const report = reportOf(row, runtime)
  return report?.state === 'ready' && report.signedIn !== 'not_needed'
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** A command as it is kept: what is asked is put in only when it is sent, and stays in memory. */
export type KeptCommand =
  | WithoutId<Exclude<RunnerCommand, { type: 'ask' }>>
  | { type: 'ask'; questionId: string; asks: string; about: string | null; acts: boolean }

/** Queues a command for a runner; it survives a restart of either side. Returns its id. */
export function commandRunner(domain: Domain, runner: string, command: KeptCommand): number {
  const id = domain.store.runners.addCommand(runner, JSON.stringify(command), domain.clock.now())
  domain.store.writer.afterCommit(() => domain.bus.publish('commands', runner, { runner }))
  return id
}

export function installRuntime(domain: Domain, id: string, runtime: string): Runner {
  const row = requireOnline(domain, id)
  const report = reportOf(row, runtime)
  if (!report) throw new AppError('NOT_FOUND', `${row.name} knows no runtime ${runtime}`)
  if (!report.installable) throw new AppError('NOT_SUPPORTED', `${report.title} is not installed this way`)
  commandRunner(domain, id, { type: 'install', runtime })
  return render(domain, row)
}

export function refreshRuntimes(domain: Domain, id: string): Runner {
  const row = requireOnline(domain, id)
  commandRunner(domain, id, { type: 'detect' })
  return render(domain, row)
}

/** The named runner, else the one of this computer, else any that is connected. Throws UNKNOWN_RUNNER or RUNNER_OFFLINE. */
export function connectedRunner(domain: Pick<Domain, 'store'>, id: string | undefined): RunnerRow {
  const taking = domain.store.runners.taking()
  const row =
    id === undefined ? (taking.find(one => one.kind === 'builtin') ?? taking[0]) : taking.find(one => one.id === id)
  if (row) return row
  if (id === undefined) throw new AppError('RUNNER_OFFLINE', 'No runner is connected')
  if (domain.store.runners.byId(id)) throw new AppError('RUNNER_OFFLINE', `Runner ${id} is not connected`)
  throw fieldError('UNKNOWN_RUNNER', 'runnerId', `there is no runner ${id}`, 'no such runner')
}

/** Throws NOT_FOUND or RUNNER_OFFLINE. */
export function requireOnline(domain: Pick<Domain, 'store'>, id: string): RunnerRow {
  const row = requireRunner(domain, id)
  if (row.online === 0) throw new AppError('RUNNER_OFFLINE', `${row.name} is not connected`)
  return row
}
