import { Refused } from './control-plane-client.ts'
import { WrongPin } from './pinned-agent.ts'

/** With what a runner comes, and what helps when that is not accepted; in words. */
export interface Credential {
  what: string
  remedy: string
}

const strangerWords =
  'Whoever answers at the address of the control plane does not have the key that this runner was paired with, and was told ' +
  'nothing. If the control plane was set up anew, pair this runner again with a code from Runners, Connect.'

/** Why waiting does not help; null: it may. `before`: it was registered there by this process. */
export function refusalOf(error: unknown, { what, remedy }: Credential, before: boolean): string | null {
  // Later it may be the network of a hotel that answers: then it waits until it is elsewhere.
  if (error instanceof WrongPin) return before ? null : strangerWords
  if (!(error instanceof Refused) || (error.code !== 'UNAUTHORIZED' && error.code !== 'FORBIDDEN')) return null
  return `The control plane does not accept ${what}: ${error.message}. ${remedy}.`
}
