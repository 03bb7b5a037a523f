import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { RateLimited } from '#contract/errors'

export type PasswordWish = { id: number } & (
  | { type: 'hash'; password: string }
  /** `hash` null: nobody to compare with; it takes as long and is never right. */
  | { type: 'matches'; password: string; hash: string | null }
)
export type PasswordAnswer = { id: number; value: string | boolean } | { id: number; error: string }

/** Passwords in work and waiting at a time, and about how many of them are done in a second. */
const maxWaiting = 64
const perSecond = 16

interface Waiting {
  resolve: (value: string | boolean) => void
  reject: (error: Error) => void
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** Hashing a password is slow on purpose: one thread does it, one after the other, begun at the first need. `folder` has its script. */
export function createPasswordThread(folder: string) {
  const waiting = new Map<number, Waiting>()
  let thread: Worker | null = null
  let lastId = 0

  function start(): Worker {
    const worker = new Worker(join(folder, 'passwords.js'))
    worker.unref()
    worker.on('message', (answer: PasswordAnswer) => {
      const asker = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('error' in answer) asker?.reject(new Error(answer.error))
      else asker?.resolve(answer.value)
    })
    worker.once('error', giveUp)
    worker.once('exit', () => giveUp(new Error('The thread for passwords ended')))
    return worker
  }

  function giveUp(error: Error): void {
    thread = null
    for (const asker of waiting.values()) asker.reject(error)
    waiting.clear()
  }

  function ask(wish: WithoutId<PasswordWish>): Promise<string | boolean> {
    if (waiting.size >= maxWaiting)
      return Promise.reject(new RateLimited('Too many passwords are being checked', Math.ceil(maxWaiting / perSecond)))
    thread ??= start()
    const id = ++lastId
    const answer = new Promise<string | boolean>((resolve, reject) => waiting.set(id, { resolve, reject }))
    thread.postMessage({ ...wish, id } satisfies PasswordWish)
    return answer
  }

  return {
    /** Throws RateLimited when too many wait. */
    hash: async (password: string) => String(await ask({ type: 'hash', password })),
    /** Takes the same time whether there is a hash or not. Throws RateLimited when too many wait. */
    matches: async (password: string, hash: string | null) => (await ask({ type: 'matches', password, hash })) === true,
    async close(): Promise<void> {
      const worker = thread
      if (worker === null) return
      const ended = new Promise(resolve => worker.once('exit', resolve))
      worker.ref()
      worker.postMessage('close')
      await ended
    }
  }
}
