import type { Clock } from '../clock.ts'
import { createOffers, type Offers } from './offers.ts'
import { createOpenQuestions, type OpenQuestions } from './open-questions.ts'
import { createPresence, type Presence } from './presence.ts'

/** What is known of runners in memory only. */
export interface RememberedOfRunners {
  presence: Presence
  offers: Offers
  questions: OpenQuestions
  /** Looks at the files of runs that are under way, by the number of the run. */
  changeLooks: Map<number, Promise<void>>
  /** The last deed on the files of a run, by the number of the run: one follows the other. */
  fileDeeds: Map<number, Promise<unknown>>
}

export function rememberOfRunners(clock: Clock): RememberedOfRunners {
  return {
    presence: createPresence(clock),
    offers: createOffers(clock),
    questions: createOpenQuestions(clock),
    changeLooks: new Map(),
    fileDeeds: new Map()
  }
}
