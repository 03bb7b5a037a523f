import { letGoOld, sweeping } from './data/retention.ts'
import { type Duty, grantGrace, leaseDuties } from './runners/leases.ts'
import { tellHeld } from './runs/approvals.ts'

const duties: readonly Duty[] = [
  ...leaseDuties,
  { due: domain => domain.store.approvals.nextHeld(), perform: tellHeld, evenLate: true },
  sweeping,
  letGoOld
]

/** Everything that must happen at a time. */
export const agenda = { duties, onLate: grantGrace }
