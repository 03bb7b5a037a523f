import type { Domain, Principal } from '../domain.ts'
import { principalOfLiveKey } from './keys.ts'
import { principalOfLogin } from './logins.ts'

/**
 * The principal as it is by now; null: its credential ended, or its person is gone. What was true at the door need not be
 * any more where it takes effect: after a wait, and inside of a write.
 */
export function principalNow(
  { store, clock }: Pick<Domain, 'store' | 'clock'>,
  principal: Principal
): Principal | null {
  const id = principal.id.slice(principal.id.indexOf(':') + 1)
  switch (principal.kind) {
    case 'owner':
      // Is worth what this process is.
      return principal
    case 'key':
      return principalOfLiveKey(store.keys.byIdLive(id), clock.now())
    case 'session':
    case 'token':
      return principalOfLogin(store.logins.byId(id), clock.now())
    default:
      return principal.kind satisfies never
  }
}
