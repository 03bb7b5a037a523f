import type { Actor } from '#contract/audit/audit'
import { AppError } from '#contract/errors'
import type { Ledger } from './audit/audit.ts'
import type { Database } from './database.ts'

/**
 * The one way to change the store. A job is a synchronous function; it is committed alone when the writer is idle, and
 * together with the others that arrive while commits are frequent. A job that throws takes back only its own changes; when
 * the disk is full, read-only or failing, the whole group is refused with STORE_UNAVAILABLE and nothing of it is kept.
 */
export interface Writer {
  /** What the job changes is written down as done by `by`; the control plane itself when nobody is named. */
  write<T>(job: () => T, by?: Actor): Promise<T>
  /** Inside a job: run once the job is durable. Not run when the job fails. */
  afterCommit(effect: () => void): void
  /** Commits what waits, then refuses further jobs. */
  close(): void
  /** The last error of a commit, null once one succeeded again. */
  failure(): string | null
}

interface Waiting {
  job: () => unknown
  by: Actor
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

type Settled = { waiting: Waiting; effects: (() => void)[] } & (
  | { ok: true; value: unknown }
  | { ok: false; error: unknown }
)

/**
 * What the writer rests after a wait for the disk, in ms: a multiple of the wait, so that at most a quarter of the time is waiting.
 * A disk that once took a second must not hold everybody up for four more.
 */
const minRest = 4
const maxRest = 50
const restFactor = 4
/** So much of its rest it may still owe when it commits again: commits that seldom meet need not wait for each other. */
const maxOwed = 12
/** After this long in ms no further job joins a group; the rest is the next one, after others had their turn. */
const maxGroupMs = 8
const unavailable = new Set(['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_CORRUPT'])

/** The control plane by itself. */
const itself: Actor = { kind: 'system', id: 'control-plane', name: 'Flotilla', ip: null, via: 'control plane' }

/** Writes nothing down. */
const noLedger: Ledger = { record: (_, job) => job(), group: jobs => jobs() }

/** Runs jobs in one transaction, each as a savepoint of its own. */
function createGroups(db: Database, ledger: Ledger) {
  let effects: (() => void)[] | null = null

  function runJob(waiting: Waiting): Settled {
    const own: (() => void)[] = []
    effects = own
    try {
      // Nested transactions are savepoints, so one failing job leaves the others of the group alone.
      return { waiting, effects: own, ok: true, value: db.transaction(() => ledger.record(waiting.by, waiting.job))() }
    } catch (error) {
      // A broken store must fail the whole group: what other jobs wrote did not become durable either.
      if (isStoreFailure(error)) throw error
      return { waiting, effects: own, ok: false, error }
    } finally {
      effects = null
    }
  }

  return {
    /** Runs as many of the jobs as one group may take. */
    commit: db.transaction((jobs: Waiting[]): { settled: Settled[]; jobsMs: number } => {
      const started = performance.now()
      const settled: Settled[] = []
      ledger.group(() => {
        for (const waiting of jobs) {
          settled.push(runJob(waiting))
          if (performance.now() - started > maxGroupMs) break
        }
      })
      return { settled, jobsMs: performance.now() - started }
    }).immediate,
    afterCommit(effect: () => void): void {
      if (effects === null) throw new Error('afterCommit outside of a write')
      effects.push(effect)
    }
  }
}

export interface WriterOptions {
  onCommit?: () => void
  ledger?: Ledger
}

export function createWriter(
  db: Database,
  { onCommit = () => undefined, ledger = noLedger }: WriterOptions = {}
): Writer {
  const groups = createGroups(db, ledger)
  let queue: Waiting[] = []
  /** Cancels the commit that is to come; null when none is. */
  let cancelCommit: (() => void) | null = null
  /** When it will have rested for all its commits. */
  let restedAt = 0
  let closed = false
  let failing: string | null = null

  function commit(): void {
    cancelCommit = null
    const jobs = queue
    queue = []
    const started = performance.now()
    try {
      const { settled, jobsMs } = groups.commit(jobs)
      restAfter(started, jobsMs)
      failing = null
      const left = jobs.slice(settled.length)
      if (left.length > 0) putBack(left)
      onCommit()
      for (const one of settled) settle(one)
    } catch (error) {
      restAfter(started, 0)
      failing = (error as Error).message
      const wrapped = new AppError('STORE_UNAVAILABLE', `The data folder cannot be written: ${failing}`)
      for (const { reject } of jobs) reject(wrapped)
    }
  }

  /** Jobs would take their time in any grouping; only the disk is worth waiting for company. */
  function restAfter(started: number, jobsMs: number): void {
    const committed = performance.now()
    const diskMs = committed - started - jobsMs
    const rest = Math.min(maxRest, Math.max(minRest, restFactor * diskMs))
    restedAt = Math.max(restedAt, committed - jobsMs) + rest
  }

  function putBack(left: Waiting[]): void {
    queue = [...left, ...queue]
    cancelCommit ??= later(commit, owed() - maxOwed)
  }

  function schedule(): void {
    if (cancelCommit !== null) return
    if (owed() <= 0) commit()
    else cancelCommit = later(commit, owed() - maxOwed)
  }

  function owed(): number {
    return restedAt - performance.now()
  }

  return {
    write<T>(job: () => T, by = itself): Promise<T> {
      if (closed) return Promise.reject(new AppError('SHUTTING_DOWN', 'The control plane is stopping'))
      return new Promise<T>((resolve, reject) => {
        queue.push({ job, by, resolve: resolve as (value: unknown) => void, reject })
        schedule()
      })
    },
    afterCommit: groups.afterCommit,
    close() {
      closed = true
      cancelCommit?.()
      while (queue.length > 0) commit()
    },
    failure: () => failing
  }
}

/** Runs a job after so many ms, at the soonest when what came in at the same moment was heard. Returns what cancels it. */
function later(job: () => void, ms: number): () => void {
  if (ms > 0) {
    const timer = setTimeout(job, ms)
    return () => clearTimeout(timer)
  }
  const soon = setImmediate(job)
  return () => clearImmediate(soon)
}

function settle(one: Settled): void {
  if (one.ok) {
    for (const effect of one.effects) effect()
    one.waiting.resolve(one.value)
  } else one.waiting.reject(one.error)
}

function isStoreFailure(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && unavailable.has(code.split('_').slice(0, 2).join('_'))
}
