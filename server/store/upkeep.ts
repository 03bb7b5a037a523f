import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Database } from './database.ts'

/** Keeps the database in shape from a thread of its own, so that the main thread only ever appends. */
export interface Upkeep {
  /** After a commit. */
  committed(): void
  /** Writes a consistent, compact copy of the database to a file that is not there yet, while everything goes on. */
  copyTo(file: string): Promise<void>
  close(): Promise<void>
}

export type UpkeepMessage = 'checkpoint' | 'close' | { copyTo: string }
/** The answer to `copyTo`; null: it is there. */
export interface CopyReply {
  file: string
  error: string | null
}

/** Looks at the log this often at most, and only after commits. */
const lookEveryMs = 500
const checkpointBytes = 4 << 20
/** SQLite's own way, on the main thread, when the worker is gone. */
const pagesWithoutWorker = 1000

export function startUpkeep(db: Database, workerFile: string, onError: (error: unknown) => void): Upkeep {
  const log = `${db.name}-wal`
  let lookAt = 0
  let worker: Worker | null = null
  const copying = new Map<string, (error: string | null) => void>()
  db.pragma('wal_autocheckpoint = 0')

  /** At the first need: a thread costs memory and time to start, and many a control plane never writes that much. */
  function start(): Worker {
    const thread = new Worker(workerFile, { workerData: { file: db.name } })
    thread.unref()
    thread.on('message', ({ file, error }: CopyReply) => copied(file, error))
    thread.once('error', error => {
      onError(error)
      giveUp()
    })
    thread.once('exit', giveUp)
    return thread
  }

  function giveUp(): void {
    worker = null
    for (const file of copying.keys()) copied(file, 'the thread that wrote it ended')
    lookAt = Number.POSITIVE_INFINITY
    if (db.open) db.pragma(`wal_autocheckpoint = ${pagesWithoutWorker}`)
  }

  function copied(file: string, error: string | null): void {
    copying.get(file)?.(error)
    copying.delete(file)
  }

  return {
    copyTo(file) {
      worker ??= start()
      worker.postMessage({ copyTo: file } satisfies UpkeepMessage)
      return new Promise((resolve, reject) =>
        copying.set(file, error => (error === null ? resolve() : reject(new Error(error))))
      )
    },
    committed() {
      const now = performance.now()
      if (now < lookAt) return
      lookAt = now + lookEveryMs
      if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) < checkpointBytes) return
      worker ??= start()
      worker.postMessage('checkpoint' satisfies UpkeepMessage)
    },
    async close() {
      const thread = worker
      if (thread === null) return
      const ended = new Promise(resolve => thread.once('exit', resolve))
      thread.ref()
      // Asked, not terminated: a thread that is cut off while it loads native code takes the whole process along.
      thread.postMessage('close' satisfies UpkeepMessage)
      await ended
    }
  }
}
