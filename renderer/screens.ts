import { api } from './features/api/screen.ts'
import { approvals } from './features/approvals/screen.ts'
import { audit } from './features/audit/screen.ts'
import { fleet } from './features/fleet/screen.ts'
import { mcps } from './features/mcps/screen.ts'
import { messages } from './features/messages/screen.ts'
import { runners } from './features/runners/screen.ts'
import { runs } from './features/runs/screen.ts'
import { secrets } from './features/secrets/screen.ts'
import { settings } from './features/settings/screen.ts'
import { tasks } from './features/tasks/screen.ts'
import { usage } from './features/usage/screen.ts'
import type { Screen } from './lib/screen.ts'

/** Every screen there is, in the order of the navigation; the first is home. */
export const screens: readonly Screen[] = [
  fleet, //
  runs,
  approvals,
  tasks,
  messages,
  usage,
  runners,
  audit,
  secrets,
  mcps,
  api,
  settings
]
