import type { SearchedKind } from '#contract/runs/search'
import { inParts, spaced } from './search-text.ts'

/** One text of each group is said, and none of the excluded. */
export interface Wanted {
  required: readonly (readonly string[])[]
  excluded: readonly string[]
}

/** As FTS5 takes it: everything that was typed stands in quotes, so that no sign of it is an operator. */
export function matchOf({ required, excluded }: Wanted, kinds: readonly SearchedKind[] | null): string {
  const all = required.map(group => `(${group.map(phrase).join(' OR ')})`).join(' AND ')
  const match = excluded.length === 0 ? all : `(${all}) NOT (${excluded.map(phrase).join(' OR ')})`
  return kinds === null ? match : `{${kinds.join(' ')}} : (${match})`
}

/** Everything that is worth a mark. */
export function marksOf({ required }: Wanted): string {
  return required.flat().map(phrase).join(' OR ')
}

function phrase(text: string): string {
  const whole = spaced(text.replaceAll('"', ' '))
  const parted = inParts(whole)
  return parted === whole ? `"${whole}"` : `("${whole}" OR "${parted}")`
}
