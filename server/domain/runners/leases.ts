import type { RunnerRow } from '../../store/runners/runners.ts'
import { type Domain, recordChange } from '../domain.ts'
import type { Duty } from '../duty.ts'
import { loseRun } from '../runs/run-ending.ts'
import { explainWaiting, wakeAll } from './placement.ts'
import { endQuestions } from './questions.ts'
import { removeWhenDrained } from './runners.ts'

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

/** What waits says so; what they were ready for, others look at again. */
export function goOffline(domain: Domain, rows: readonly RunnerRow[]): void {
  for (const row of rows) {
    const last_heartbeat_at = domain.presence.lastHeard(row)
    domain.store.runners.update(row.id, { online: 0, status_since: domain.clock.now(), last_heartbeat_at })
    domain.presence.forget(row.id)
    endQuestions(domain, row)
    recordChange(domain, 'runner', 'changed', row.id)
  }
  explainWaiting(domain)
  wakeAll(domain)
  for (const row of rows) removeWhenDrained(domain, row.id)
}

/**
 * At a start nobody could be heard. The store may be an earlier state of itself that was put back, and runners that lived
 * on remember commands that it never had: ids go on from the time, which is past all of them, and by a leap, for the
 * time may have been set back.
 */
export function takeUp(domain: Domain): void {
  grantGrace(domain)
  const { runners } = domain.store
  runners.dropQuestions()
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
