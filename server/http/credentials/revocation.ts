import type { Domain, Principal } from '../../domain/domain.ts'
import { principalNow } from '../../domain/people/standing.ts'

/** A credential is looked at again at least this often: timers stand while the computer sleeps, and the time may be set. */
const lookAgainMs = 60_000

interface Closable {
  once(event: 'close', listener: () => void): unknown
}

/**
 * Calls back once, as soon as a credential is revoked or has expired, or its person may do less than before. Returns the
 * function that stops watching.
 */
export function onceWorthLess(domain: Domain, principal: Principal, act: () => void): () => void {
  const { bus, clock } = domain
  let timer: NodeJS.Timeout | undefined
  const subscriptions = [principal.id, principal.user.id].map(scope => bus.subscribe('revoked', scope, tell))

  function stop(): void {
    clearTimeout(timer)
    for (const unsubscribe of subscriptions) unsubscribe()
  }

  function tell(): void {
    stop()
    act()
  }

  function look(): void {
    if (principalNow(domain, principal)) arm()
    else tell()
  }

  function arm(): void {
    const left = principal.expiresAt === null ? lookAgainMs : principal.expiresAt - clock.now()
    timer = setTimeout(look, Math.min(lookAgainMs, Math.max(0, left))).unref()
  }

  if (principal.kind !== 'owner') arm()
  return stop
}

/** Ends what is open as soon as its credential is worth less. */
export function endWhenRevoked(domain: Domain, principal: Principal, open: Closable, end: () => void): void {
  open.once('close', onceWorthLess(domain, principal, end))
}
