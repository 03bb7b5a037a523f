import { invalid } from '#contract/errors'
import type { Domain } from './domain.ts'

/** Throws INVALID_REQUEST where this program knows no such place. */
export function requirePlace({ places }: Pick<Domain, 'places'>, place: string): string {
  if (places.includes(place)) return place
  throw invalid('place', `"${place}" is not known; there is ${places.join(', ')}`)
}
