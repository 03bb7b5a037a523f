import type { Clock } from '../clock.ts'
import { createOffers, type Offers } from './offers.ts'
import { createPresence, type Presence } from './presence.ts'

/** What is known of runners in memory only. */
export interface RememberedOfRunners {
  presence: Presence
  offers: Offers
}

export function rememberOfRunners(clock: Clock): RememberedOfRunners {
  return { presence: createPresence(clock), offers: createOffers(clock) }
}
