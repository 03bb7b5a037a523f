import type { Clock } from '../clock.ts'
import { createOffers, type Offers } from './offers.ts'
import { createOpenQuestions, type OpenQuestions } from './open-questions.ts'
import { createPresence, type Presence } from './presence.ts'

/** What is known of runners in memory only. */
export interface RememberedOfRunners {
  presence: Presence
  offers: Offers
  questions: OpenQuestions
}

export function rememberOfRunners(clock: Clock): RememberedOfRunners {
  return { presence: createPresence(clock), offers: createOffers(clock), questions: createOpenQuestions(clock) }
}
