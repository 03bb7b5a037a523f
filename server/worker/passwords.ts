import { randomBytes } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { fastest, hashPassword, matchesHash } from './argon2id.ts'
import type { PasswordAnswer, PasswordWish } from './password-thread.ts'

const make = fastest()

async function hashOf(password: string): Promise<string> {
  return await hashPassword(await make, password)
}

/** Compared where there is nothing to compare with, so that it takes the same time. */
const decoy = hashOf(randomBytes(16).toString('hex'))

async function answer(wish: PasswordWish): Promise<string | boolean> {
  switch (wish.type) {
    case 'hash':
      return await hashOf(wish.password)
    case 'matches': {
      const same = await matchesHash(await make, wish.password, wish.hash ?? (await decoy))
      return same && wish.hash !== null
    }
  }
}

async function serve(wish: PasswordWish): Promise<PasswordAnswer> {
  try {
    return { id: wish.id, value: await answer(wish) }
  } catch (error) {
    return { id: wish.id, error: (error as Error).message }
  }
}

/** Each takes its 19 MiB: never two at once. */
let queue = Promise.resolve()

parentPort?.on('message', (wish: PasswordWish | 'close') => {
  // Without its port nothing keeps this thread.
  if (wish === 'close') parentPort?.close()
  else queue = queue.then(async () => parentPort?.postMessage(await serve(wish)))
})
