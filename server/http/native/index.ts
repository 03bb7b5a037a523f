import { redeemPath } from '#contract/runners/pairings'
import {
  codedErrors,
  type Face,
  minute,
  quarterHour,
  type Route,
  runnerProtocolRoutes,
  type Services
} from '../for-faces.ts'
import { auditRoutes } from './audit/audit.ts'
import { dataRoutes } from './data.ts'
import { demoRoutes } from './demo.ts'
import { activityRoutes } from './fleet/activity.ts'
import { agentRoutes } from './fleet/agents.ts'
import { mcpRoutes } from './fleet/mcps.ts'
import { secretRoutes } from './fleet/secrets.ts'
import { liveRoutes } from './live.ts'
import { budgetRoutes } from './money/budgets.ts'
import { costRoutes } from './money/costs.ts'
import { usageRoutes } from './money/usage.ts'
import { workforceRoutes } from './money/workforce.ts'
import { keyRoutes } from './people/keys.ts'
import { accountRoutes, loginRoutes } from './people/login.ts'
import { userRoutes } from './people/users.ts'
import { engineRoutes } from './runners/engines.ts'
import { pairingRoutes } from './runners/pairings.ts'
import { runnerRoutes } from './runners/runners.ts'
import { approvalRoutes } from './runs/approvals.ts'
import { changeRoutes } from './runs/changes.ts'
import { eventRoutes } from './runs/events.ts'
import { imageRoutes } from './runs/images.ts'
import { runRoutes } from './runs/runs.ts'
import { searchRoutes } from './runs/search.ts'
import { liveSocket } from './socket.ts'
import { systemRoutes } from './system.ts'
import { flowRoutes } from './work/flows.ts'
import { messageRoutes } from './work/messages.ts'
import { taskRoutes } from './work/tasks.ts'

/** What this face is about, in the order of its document: what it says of each, and the routes. */
const nouns: Record<string, readonly [says: string, ...routes: ((services: Services) => Route[])[]]> = {
  session: ['Logging in, and my own account', loginRoutes, accountRoutes],
  users: ['People and what they may do', userRoutes],
  agents: ['Who works: their settings, and how they are', agentRoutes, activityRoutes],
  runs: ['What agents do, step by step, and how it is steered', runRoutes, changeRoutes, eventRoutes, imageRoutes],
  search: ['What was said in all runs', searchRoutes],
  tasks: ['Work for agents, and the epics that it belongs to', taskRoutes],
  flows: ['Work that starts by itself: when, and what came of it', flowRoutes],
  messages: ['What agents and people say to each other', messageRoutes],
  secrets: ['Values that reach agents and are never shown', secretRoutes],
  mcps: ['MCP servers that agents may use', mcpRoutes],
  usage: ['Tokens by agent, model and day', usageRoutes],
  costs: ['What the fleet costs, what it may cost, and what it will', costRoutes, budgetRoutes],
  workforce: ['What agents got done', workforceRoutes],
  audit: ['Who did what, in a chain that shows when it was tampered with', auditRoutes],
  approvals: ['Questions of agents that wait for a person', approvalRoutes],
  runners: ['The programs that run agents, on this and on other machines', runnerRoutes, pairingRoutes],
  engines: ['What runs containers on this computer: Docker, Podman', engineRoutes],
  'runner protocol': ['What runners speak with the control plane', runnerProtocolRoutes],
  keys: ['Credentials for programs', keyRoutes],
  system: ['The control plane itself', systemRoutes],
  data: ['What is kept, for how long, and copies of it', dataRoutes, demoRoutes],
  live: ['Every change as it happens', liveRoutes]
}

/** Our own API: what every dialect is a rendering of. */
export const native: Face = {
  id: 'native',
  title: 'Flotilla',
  prefix: '',
  root: '/api/v1/',
  keys: { name: 'flotilla', prefix: 'flt_live_', scopes: ['read', 'write'] },
  tokens: true,
  description:
    'A mutating request may carry `Idempotency-Key`; sent again within a day it answers the same and does nothing twice. ' +
    'Answers carry `ETag`; `If-None-Match` answers 304 and `If-Match` 412.',
  routes: services => Object.values(nouns).flatMap(([, ...routes]) => routes.flatMap(of => of(services))),
  sockets: [liveSocket],
  ...codedErrors,
  tags: Object.fromEntries(Object.entries(nouns).map(([tag, [says]]) => [tag, says])),
  limits: [
    { id: 'native', requests: 600, windowMs: minute, by: 'credential', spares: ['owner', 'session'] },
    { id: 'webhooks', requests: 240, windowMs: minute, by: 'address', under: '/api/v1/webhooks/', what: 'messages' },
    { id: 'pairing', requests: 30, windowMs: quarterHour, by: 'address', under: redeemPath, what: 'pairing codes' }
  ]
}
