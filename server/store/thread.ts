import { Worker } from 'node:worker_threads'
import { AppError } from '#contract/errors'

/** What a thread answers, by name; each function takes one question. */
export type Answers = Record<string, (question: never) => unknown>

/** Answers in a thread of its own, one question after the other. */
export interface Thread<All extends Answers> {
  /** Throws LIMIT_REACHED when too many wait. */
  ask<Name extends keyof All & string>(name: Name, question: Parameters<All[Name]>[0]): Promise<ReturnType<All[Name]>>
  close(): Promise<void>
}

export type ThreadMessage = { id: number; name: string; question: unknown } | 'close'
export type ThreadReply = { id: number } & ({ value: unknown } | { error: string })

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

const maxWaiting = 200

/** `file` is the database that it is about. */
export function startThread<All extends Answers>(file: string, workerFile: string): Thread<All> {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let lastId = 0

  /** At the first question: many a control plane is never asked one. */
  function start(): Worker {
    const thread = new Worker(workerFile, { workerData: { file } })
    thread.unref()
    thread.on('message', (reply: ThreadReply) => {
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
    ask<Name extends keyof All & string>(name: Name, question: Parameters<All[Name]>[0]) {
      if (waiting.size >= maxWaiting)
        return Promise.reject(
          new AppError('LIMIT_REACHED', `${maxWaiting} questions wait to be answered; try again later`)
        )
      const id = ++lastId
      const message: ThreadMessage = { id, name, question }
      return new Promise<ReturnType<All[Name]>>((resolve, reject) => {
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
      thread.postMessage('close' satisfies ThreadMessage)
      await ended
    }
  }
}
