import type { Context } from '../context.ts'
import type { Route } from '../route.ts'
import { approvalRoutes } from './approvals.ts'
import { eventRoutes } from './events.ts'
import { keyRoutes } from './keys.ts'
import { liveRoutes } from './live.ts'
import { runnerProtocolRoutes } from './runner-protocol.ts'
import { runnerRoutes } from './runners.ts'
import { runRoutes } from './runs.ts'
import { sessionRoutes } from './session.ts'
import { systemRoutes } from './system.ts'

/** Every route of the native face. */
export function nativeRoutes(context: Context): Route[] {
  return [
    sessionRoutes,
    runRoutes,
    eventRoutes,
    approvalRoutes,
    runnerRoutes,
    runnerProtocolRoutes,
    keyRoutes,
    systemRoutes,
    liveRoutes
  ].flatMap(routes => routes(context))
}
