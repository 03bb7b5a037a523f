import type { PlaceKind } from './place.ts'

/** All kinds of places, the usual one first. A new one is a folder beside this file and a line here. */
export const places: readonly PlaceKind[] = [
  // Its code is for runners: the control plane reads this list, too.
  { id: 'host', open: async setup => (await import('./host/index.ts')).openHost(setup) }
]
