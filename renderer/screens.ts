import { approvals } from './features/approvals/screen.ts'
import { runs } from './features/runs/screen.ts'
import type { Screen } from './lib/screen.ts'

/** Every screen there is, in the order of the navigation; the first is home. */
export const screens: readonly Screen[] = [
  runs, //
  approvals
]
