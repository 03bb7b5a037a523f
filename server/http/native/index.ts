import type { Context } from '../context.ts'
import type { Route } from '../route.ts'
import { agentRoutes } from './agents.ts'
import { approvalRoutes } from './approvals.ts'
import { eventRoutes } from './events.ts'
import { keyRoutes } from './keys.ts'
import { liveRoutes } from './live.ts'
import { mcpRoutes } from './mcps.ts'
import { messageRoutes } from './messages.ts'
import { runnerProtocolRoutes } from './runner-protocol.ts'
import { runnerRoutes } from './runners.ts'
import { runRoutes } from './runs.ts'
import { secretRoutes } from './secrets.ts'
import { sessionRoutes } from './session.ts'
import { systemRoutes } from './system.ts'
import { taskRoutes } from './tasks.ts'
import { usageRoutes } from './usage.ts'

/** Every route of the native face. */
export function nativeRoutes(context: Context): Route[] {
  return [
    sessionRoutes,
    agentRoutes,
    runRoutes,
    taskRoutes,
    messageRoutes,
    secretRoutes,
    mcpRoutes,
    usageRoutes,
    eventRoutes,
    approvalRoutes,
    runnerRoutes,
    runnerProtocolRoutes,
    keyRoutes,
    systemRoutes,
    liveRoutes
  ].flatMap(routes => routes(context))
}
