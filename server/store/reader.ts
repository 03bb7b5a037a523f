import { Worker } from 'node:worker_threads'
import { AppError } from '#contract/errors'
import type { Readings } from './readings.ts'

export type ReadingName = keyof Readings
type ReadingQuestion<Name extends ReadingName> = Parameters<Readings[Name]>[0]
export type ReadingAnswer<Name extends ReadingName> = ReturnType<Readings[Name]>

/** Reads in a thread of its own, one question after the other. */
export interface Reader {
  /** Throws LIMIT_REACHED when too many wait. */
  ask<Name extends ReadingName>(name: Name, question: ReadingQuestion<Name>): Promise<ReadingAnswer<Name>>
  close(): Promise<void>
}

export type ReaderMessage = { id: number; name: ReadingName; question: unknown } | 'close'
export type ReaderReply = { id: number } & ({ value: unknown } | { error: string })

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

const maxWaiting = 200

export function startReader(file: string, workerFile: string): Reader {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let lastId = 0

  /** At the first question: most control planes are never asked one. */
  function start(): Worker {
    const thread = new Worker(workerFile, { workerData: { file } })
    thread.unref()
    thread.on('message', (reply: ReaderReply) => {
      const one = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('value' in reply) one?.resolve(reply.value)
      else one?.reject(new Error(reply.error))
    })
    thread.once('error', gone)
    thread.once('exit', () => gone(new AppError('SHUTTING_DOWN', 'The control plane is stopping')))
    return thread
  }

  /** The next question starts another one. */
  function gone(error: unknown): void {
    worker = null
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }

  return {
    ask<Name extends ReadingName>(name: Name, question: ReadingQuestion<Name>) {
      if (waiting.size >= maxWaiting)
        return Promise.reject(
          new AppError('LIMIT_REACHED', `${maxWaiting} questions wait to be answered; try again later`)
        )
      const id = ++lastId
      const message: ReaderMessage = { id, name, question }
      return new Promise<ReadingAnswer<Name>>((resolve, reject) => {
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
        worker ??= start()
        worker.postMessage(message)
      })
    },
    async close() {
      const thread = worker
      if (thread === null) return
      const ended = new Promise(resolve => thread.once('exit', resolve))
      thread.ref()
      // Asked, not terminated: see upkeep.
      thread.postMessage('close' satisfies ReaderMessage)
      await ended
    }
  }
}
