import type { Environment } from '../machine/environment.ts'
import { checkMcp } from '../mcp/check-mcp.ts'
import type { Place } from '../places/place.ts'
import type { Answerers } from './questions.ts'

/** What answering takes. */
export interface Around {
  place: Place
  /** What agents inherit. */
  environment(): Promise<Environment>
}

/** Every question that a runner can be asked: a new one is an entry of the contract and a line here. */
export function createAnswerers(around: Around): Answerers {
  return { checkMcp: checkMcp(around) }
}
