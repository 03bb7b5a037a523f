import { AppError } from '#contract/errors'
import type { Database } from './database.ts'

/**
 * The one way to change the store. A job is a synchronous function; it is committed alone when the writer is idle, and
 * together with the others that arrive while commits are frequent. A job that throws takes back only its own changes; when
 * the disk is full, read-only or failing, the whole group is refused with STORE_UNAVAILABLE and nothing of it is kept.
 */
export interface Writer {
  write<T>(job: () => T): Promise<T>
  /** Inside a job: run once the job is durable. Not run when the job fails. */
  afterCommit(effect: () => void): void
  /** Commits what waits, then refuses further jobs. */
  close(): void
  /** The last error of a commit, null once one succeeded again. */
  failure(): string | null
}

interface Waiting {
  job: () => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

type Settled = { waiting: Waiting; effects: (() => void)[] } & (
  | { ok: true; value: unknown }
  | { ok: false; error: unknown }
)

/** Shortest time between two commits under load, in ms; and the share of time that committing may take is 1 / (factor + 1). */
const minInterval = 4
const intervalFactor = 4
const unavailable = new Set(['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_CORRUPT'])

export function createWriter(db: Database, onCommit: () => void = () => undefined): Writer {
  let queue: Waiting[] = []
  let timer: NodeJS.Timeout | null = null
  let nextAt = 0
  let effects: (() => void)[] | null = null
  let closed = false
  let failing: string | null = null

  function runJob(waiting: Waiting): Settled {
    const own: (() => void)[] = []
    effects = own
    try {
      // Nested transactions are savepoints, so one failing job leaves the others of the group alone.
      return { waiting, effects: own, ok: true, value: db.transaction(waiting.job)() }
    } catch (error) {
      // A broken store must fail the whole group: what other jobs wrote did not become durable either.
      if (isStoreFailure(error)) throw error
      return { waiting, effects: own, ok: false, error }
    } finally {
      effects = null
    }
  }

  const commitGroup = db.transaction((group: Waiting[]) => group.map(runJob)).immediate

  function commit(): void {
    timer = null
    const group = queue
    queue = []
    const started = performance.now()
    try {
      const settled = commitGroup(group)
      failing = null
      onCommit()
      for (const one of settled) settle(one)
    } catch (error) {
      failing = (error as Error).message
      const wrapped = new AppError('STORE_UNAVAILABLE', `The data folder cannot be written: ${failing}`)
      for (const { reject } of group) reject(wrapped)
    } finally {
      const ended = performance.now()
      nextAt = ended + Math.max(minInterval, intervalFactor * (ended - started))
    }
  }

  function schedule(): void {
    if (timer !== null) return
    const wait = nextAt - performance.now()
    if (wait <= 0) commit()
    else timer = setTimeout(commit, wait)
  }

  return {
    write<T>(job: () => T): Promise<T> {
      if (closed) return Promise.reject(new AppError('SHUTTING_DOWN', 'The control plane is stopping'))
      return new Promise<T>((resolve, reject) => {
        queue.push({ job, resolve: resolve as (value: unknown) => void, reject })
        schedule()
      })
    },
    afterCommit(effect) {
      if (effects === null) throw new Error('afterCommit outside of a write')
      effects.push(effect)
    },
    close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      if (queue.length > 0) commit()
    },
    failure: () => failing
  }
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
