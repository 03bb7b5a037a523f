import type { Config } from '../config.ts'
import type { Domain } from '../domain/domain.ts'
import type { Sessions } from '../domain/people/sessions.ts'
import type { Face } from './face.ts'
import type { Limiter } from './limits.ts'
import type { Log } from './log.ts'

/** What every route can reach. */
export interface Context {
  config: Config
  domain: Domain
  sessions: Sessions
  limiter: Limiter
  /** The faces besides the native one. */
  dialects: readonly Face[]
  log: Log
  /** Name of this installation's cookie: cookies ignore ports, so each has its own. */
  cookieName: string
  instanceId: string
  startedAt: number
  /** Where it listens; known once it does. */
  url(): string
  /** What runners are told to do because the control plane stops. */
  leaving(): 'no' | 'when-idle' | 'stop-agents'
  /** Resolves when the control plane begins to stop; parked requests answer then. */
  stopping: AbortSignal
}
