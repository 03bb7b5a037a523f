import { errorBody } from '#contract/errors'
import type { Context } from '../context.ts'
import type { Face } from '../face.ts'
import { minute } from '../limits.ts'
import type { Route } from '../route.ts'
import { agentRoutes } from './agents.ts'
import { approvalRoutes } from './approvals.ts'
import { auditRoutes } from './audit.ts'
import { budgetRoutes } from './budgets.ts'
import { costRoutes } from './costs.ts'
import { eventRoutes } from './events.ts'
import { keyRoutes } from './keys.ts'
import { liveRoutes } from './live.ts'
import { mcpRoutes } from './mcps.ts'
import { messageRoutes } from './messages.ts'
import { runnerProtocolRoutes } from './runner-protocol.ts'
import { runnerRoutes } from './runners.ts'
import { runRoutes } from './runs.ts'
import { secretRoutes } from './secrets.ts'
import { loginRoutes, sessionRoutes } from './session.ts'
import { systemRoutes } from './system.ts'
import { taskRoutes } from './tasks.ts'
import { usageRoutes } from './usage.ts'
import { userRoutes } from './users.ts'
import { workforceRoutes } from './workforce.ts'

/** Our own API: what every dialect is a rendering of. */
export const native: Face = {
  id: 'native',
  title: 'Flotilla',
  prefix: '',
  description:
    'A mutating request may carry `Idempotency-Key`; sent again within a day it answers the same and does nothing twice. ' +
    'Answers carry `ETag`; `If-None-Match` answers 304 and `If-Match` 412.',
  routes,
  errorBody,
  renderError: ({ code, message, details, status }, requestId) => ({
    error: {
      code,
      message,
      ...(details === undefined ? {} : { details }),
      ...(status >= 500 ? { requestId } : {})
    }
  }),
  limits: [{ id: 'native', requests: 600, windowMs: minute, by: 'credential', spares: ['owner', 'session'] }]
}

function routes(context: Context): Route[] {
  return [
    loginRoutes,
    sessionRoutes,
    userRoutes,
    agentRoutes,
    runRoutes,
    taskRoutes,
    messageRoutes,
    secretRoutes,
    mcpRoutes,
    usageRoutes,
    costRoutes,
    budgetRoutes,
    workforceRoutes,
    auditRoutes,
    eventRoutes,
    approvalRoutes,
    runnerRoutes,
    runnerProtocolRoutes,
    keyRoutes,
    systemRoutes,
    liveRoutes
  ].flatMap(ofNoun => ofNoun(context))
}
