import type { Domain, Principal } from '../domain/domain.ts'

/** Longest delay that a timer takes. */
const longestTimer = 2 ** 31 - 1

interface Closable {
  once(event: 'close', listener: () => void): unknown
}

/** Ends what is open as soon as its credential is revoked or expires, or its person may do less than before. */
export function endWhenRevoked({ bus, clock }: Domain, principal: Principal, open: Closable, end: () => void): void {
  const subscriptions = [principal.id, principal.user.id].map(scope => bus.subscribe('revoked', scope, end))
  const left = principal.expiresAt === null ? longestTimer : principal.expiresAt - clock.now()
  const timer = left < longestTimer ? setTimeout(end, Math.max(0, left)).unref() : undefined
  open.once('close', () => {
    clearTimeout(timer)
    for (const unsubscribe of subscriptions) unsubscribe()
  })
}
