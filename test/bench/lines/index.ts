import type { Line } from '../line.ts'
import { uiLines } from '../ui/lines.ts'
import { coldStart } from './cold-start.ts'
import { eventPage } from './event-page.ts'
import { fleetLines } from './fleet.ts'
import { idleLines } from './idle.ts'
import { ingest } from './ingest.ts'
import { launch } from './launch.ts'
import { fanOut, firstListener } from './listeners.ts'
import { passwordLogins } from './logins.ts'
import { loopDelayLines } from './loop-delay.ts'
import { searchLines } from './search.ts'

/** All lines, in the order of the table. */
export const lines: readonly Line[] = [
  launch,
  ingest,
  firstListener,
  eventPage,
  fanOut,
  coldStart,
  ...fleetLines,
  passwordLogins,
  ...idleLines,
  ...loopDelayLines,
  ...searchLines,
  ...uiLines
]
