import { letGoOld, sweeping } from './data/retention.ts'
import type { Duty } from './duty.ts'
import { leases, offlineRunners } from './runners/leases.ts'
import { unclaimed } from './runners/placement.ts'
import { unansweredQuestions } from './runners/questions.ts'
import { heldAnswers, unanswered } from './runs/approvals.ts'
import { tickSteps } from './work/flows/tick-duty.ts'
import { dueTriggers } from './work/flows/trigger-duty.ts'

/** Everything that must happen at a time: to add one is its file and its line here. */
export const duties: readonly Duty[] = [
  leases,
  offlineRunners,
  unclaimed,
  unansweredQuestions,
  heldAnswers,
  unanswered,
  dueTriggers,
  tickSteps,
  sweeping,
  letGoOld
]
