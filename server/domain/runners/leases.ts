import type { RunnerRow } from '../../store/runners/runners.ts'
import { wishedFolder } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import type { Duty } from '../duty.ts'
import { loseRun } from '../runs/run-ending.ts'
import { changeVisibly } from '../runs/run-moves.ts'
import { allows } from './folders.ts'
import { chooseRunner, removeWhenDrained, wakeRunner } from './runners.ts'

/** A runner that holds a run is given up when nothing was heard of it for this long. */
export const leaseMs = 60_000
/** A runner counts as offline after this long without a word and without a call of it waiting here. */
export const offlineAfterMs = 50_000
/** Runs looked at in one transaction. */
const step = 200

/** Runs whose runner was not heard of in time are lost. Leases are times of the steady clock, and new with each start. */
export const leases: Duty = {
  due({ store, clock }) {
    const next = store.runs.nextLease()
    return next === null ? null : next - clock.steady()
  },
  perform: expireLeases,
  late: grantGrace
}

export const offlineRunners: Duty = {
  due(domain) {
    const waits = domain.store.runners.online().map(row => offlineAfterMs - domain.presence.silentMs(row.id))
    return waits.length === 0 ? null : Math.min(...waits)
  },
  perform: markOffline,
  late: grantGrace
}

function expireLeases(domain: Domain): void {
  for (const run of domain.store.runs.expired(domain.clock.steady(), step)) {
    // Also what was not yet told to have started: its runner may be frozen in the very middle of it.
    loseRun(domain, run)
    if (run.runner_id !== null) removeWhenDrained(domain, run.runner_id)
  }
}

function markOffline(domain: Domain): void {
  goOffline(
    domain,
    domain.store.runners.online().filter(row => domain.presence.silentMs(row.id) >= offlineAfterMs)
  )
}

/** What waited for them goes to other runners; a run that must run there waits and says so. */
export function goOffline(domain: Domain, rows: readonly RunnerRow[]): void {
  for (const row of rows) {
    const last_heartbeat_at = domain.presence.lastHeard(row)
    domain.store.runners.update(row.id, { online: 0, status_since: domain.clock.now(), last_heartbeat_at })
    domain.presence.forget(row.id)
    recordChange(domain, 'runner', 'changed', row.id)
  }
  releaseQueued(domain, rows)
  for (const row of rows) removeWhenDrained(domain, row.id)
}

function releaseQueued(domain: Domain, rows: readonly RunnerRow[]): void {
  const more = rows.filter(row => releaseSome(domain, row) === step)
  assignUnassigned(domain)
  if (more.length > 0) inNextTransaction(domain, () => releaseQueued(domain, more))
}

function releaseSome(domain: Domain, row: RunnerRow): number {
  const queued = domain.store.runs.queuedOn(row.id, step)
  for (const run of queued)
    changeVisibly(domain, run, { runner_id: null, status_reason: `Runner ${row.name} went away` })
  return queued.length
}

/** Long work goes on in steps, so that nobody waits for all of it. */
function inNextTransaction(domain: Domain, job: () => void): void {
  // A step that fails leaves its runs as they are; the next runner that registers looks at them again.
  domain.store.writer.afterCommit(() => void domain.store.writer.write(job).catch(() => undefined))
}

/** Queued runs without a runner get one, where one is connected that allows their folder. */
export function assignUnassigned(domain: Domain, after = 0): void {
  const taking = domain.store.runners.taking()
  if (taking.length === 0) return
  const unassigned = domain.store.runs.unassigned(after, step)
  for (const run of unassigned) {
    const candidates = taking.filter(row => allows(domain, row, wishedFolder(run)))
    const runner = chooseRunner(domain, candidates, run.runtime)
    if (runner) wakeRunner(domain, changeVisibly(domain, run, { runner_id: runner.id, status_reason: null }))
  }
  const last = unassigned.at(-1)
  if (last && unassigned.length === step) inNextTransaction(domain, () => assignUnassigned(domain, last.number))
}

/**
 * At a start nobody could be heard. The store may be an earlier state of itself that was put back, and runners that lived
 * on remember commands that it never had: ids go on from the time, which is past all of them, and by a leap, for the
 * time may have been set back.
 */
export function takeUp(domain: Domain): void {
  grantGrace(domain)
  const { runners } = domain.store
  runners.countCommandsFrom(Math.max(domain.clock.now(), runners.lastCommand() + leap))
}

/** More commands than one life of a control plane gives. */
const leap = 1_000_000

/**
 * After a start, or after this process stood still: nobody could be heard meanwhile, so runs that were alive get a full
 * lease and runners the time to come back.
 */
function grantGrace(domain: Domain): void {
  domain.store.runs.renewAll(domain.clock.steady() + leaseMs)
  for (const row of domain.store.runners.online()) domain.presence.heard(row.id)
}
