import { agenfleet } from './agenfleet/index.ts'
import type { Dialect } from './dialect.ts'
import { fleetrun } from './fleetrun/index.ts'

/** Every dialect, in the order in which they are listed. */
export const dialects: readonly Dialect[] = [agenfleet, fleetrun]
