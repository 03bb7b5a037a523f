import { AppError } from '#contract/errors'
import type { Domain } from '../domain.ts'

/** A runner that holds runs is heard at least this often. In ms. */
const usualMs = 25_000
/** So long may a process that was asked for a word take, and one that is not here but was of late. */
const parkedMs = 3000
const absentMs = 1000

interface Newcomer {
  identity: string
  /** Of the process; undefined: it does not say. */
  process?: string | undefined
}

/**
 * Two folders with one identity, such as copies of one machine, must not take the place of each other in turn: whoever has
 * it and answers keeps it. A process that is gone does not answer, so what comes after it is let in. Throws IDENTITY_TAKEN.
 */
export async function requireFreeIdentity(domain: Domain, { identity, process }: Newcomer): Promise<void> {
  const row = domain.store.runners.byIdentity(identity)
  if (!row || row.process === null || process === undefined || row.process === process) return
  if (!(await speaks(domain, row.id))) return
  throw new AppError(
    'IDENTITY_TAKEN',
    `Runner ${row.name} on ${row.hostname} has this identity and is connected. If this folder is a copy of its folder, delete runner.json here and start again: it then gets an identity of its own`
  )
}

/** Whether the process that has a place says another word now. */
function speaks({ bus, presence }: Domain, runner: string): Promise<boolean> {
  const parked = presence.isParked(runner)
  if (!parked && presence.silentMs(runner) > usualMs) return Promise.resolve(false)
  return new Promise(resolve => {
    const settle = (heard: boolean) => {
      clearTimeout(timer)
      unsubscribe()
      resolve(heard)
    }
    const unsubscribe = bus.subscribe('word', runner, () => settle(true))
    const timer = setTimeout(settle, parked ? parkedMs : absentMs, false)
    // Its poll comes back, and the next one follows.
    bus.publish('nudge', runner, null)
  })
}
