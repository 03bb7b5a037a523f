import { onceWorthLess } from '../credentials/revocation.ts'
import type { Call } from '../route.ts'

type Parked = Pick<Call, 'domain' | 'request' | 'principal'> & { runner: string }

/** Of the system, for a connection on which nobody writes. */
const probeAfterMs = 20_000

/**
 * A call of a runner waits for a wake-up, the end of its time or of its credential, its client leaving, or our own stop.
 * Resolves to whether it was asked for a word.
 */
export function parked(
  stopping: AbortSignal,
  topic: 'claim' | 'commands',
  ms: number,
  { domain, request, principal, runner }: Parked
): Promise<boolean> {
  return new Promise<boolean>(resolve => {
    let nudged = false
    const unpark = domain.presence.park(runner)
    const done = () => {
      unpark()
      clearTimeout(timer)
      unsubscribe()
      unwatch()
      unsubscribeNudge()
      request.socket.off('close', done)
      stopping.removeEventListener('abort', done)
      resolve(nudged)
    }
    const unsubscribe = domain.bus.subscribe(topic, runner, done)
    const unsubscribeNudge = domain.bus.subscribe('nudge', runner, () => {
      nudged = true
      done()
    })
    const unwatch = onceWorthLess(domain, principal, done)
    const timer = setTimeout(done, ms)
    // Nobody writes meanwhile: the system finds out whether the other machine is still there.
    request.socket.setKeepAlive(true, probeAfterMs)
    request.socket.once('close', done)
    stopping.addEventListener('abort', done, { once: true })
    if (stopping.aborted) done()
  })
}
