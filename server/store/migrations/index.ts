import { initial } from './001-initial.ts'
import { drainingRunners } from './002-draining-runners.ts'
import { fleet } from './003-fleet.ts'
import { limits } from './004-limits.ts'
import { audit } from './005-audit.ts'
import { people } from './006-people.ts'
import { money } from './007-money.ts'
import { runTimes } from './008-run-times.ts'
import { limitsAsBudgets } from './009-limits-as-budgets.ts'
import { sessionsByExpiry } from './010-sessions-by-expiry.ts'
import { heldAnswers } from './011-held-answers.ts'
import { privateFolders } from './012-private-folders.ts'
import { retention } from './013-retention.ts'
import { providerOfARun } from './014-provider-of-a-run.ts'
import { folderTrust } from './015-folder-trust.ts'
import { runnerWarnings } from './016-runner-warnings.ts'
import { totalsOfSessions } from './017-totals-of-sessions.ts'
import { runDaemons } from './018-run-daemons.ts'
import { eventsByOneKey } from './019-events-by-one-key.ts'
import { placement } from './020-placement.ts'
import { questions } from './021-questions.ts'
import { threads } from './022-threads.ts'
import { agentsOfEpics } from './023-agents-of-epics.ts'
import { demo } from './024-demo.ts'
import { titlesOfRuns } from './025-titles-of-runs.ts'
import { usageByRuntime } from './026-usage-by-runtime.ts'
import { runsByRunner } from './027-runs-by-runner.ts'
import { images } from './028-images.ts'
import { flows } from './029-flows.ts'
import { editableApprovals } from './030-editable-approvals.ts'
import { answersInTime } from './031-answers-in-time.ts'
import { worthOfRuns } from './032-worth-of-runs.ts'
import { pairings } from './033-pairings.ts'
import { checkpoints } from './034-checkpoints.ts'
import { runsThatWaitForAFolder } from './035-runs-that-wait-for-a-folder.ts'
import { runsToRead } from './036-runs-to-read.ts'
import type { Migration } from './migration.ts'

/** Of this program's newest schema. */
export const schemaNumber = () => migrations.length

/** In order; the position is the schema number. Only ever append. */
export const migrations: readonly Migration[] = [
  initial,
  drainingRunners,
  fleet,
  limits,
  audit,
  people,
  money,
  runTimes,
  limitsAsBudgets,
  sessionsByExpiry,
  heldAnswers,
  privateFolders,
  retention,
  providerOfARun,
  folderTrust,
  runnerWarnings,
  totalsOfSessions,
  runDaemons,
  eventsByOneKey,
  placement,
  questions,
  threads,
  agentsOfEpics,
  demo,
  titlesOfRuns,
  usageByRuntime,
  runsByRunner,
  images,
  flows,
  editableApprovals,
  answersInTime,
  worthOfRuns,
  pairings,
  checkpoints,
  runsThatWaitForAFolder,
  runsToRead
]
