import type { Addresses } from './addresses.ts'
import type { Logins } from './credentials/login.ts'
import type { Limit } from './limits/limits.ts'
import type { Log } from './log.ts'

/** What a handler can reach besides the domain of its caller. Nothing in it sees what the caller may not. */
export interface Services extends Addresses {
  logins: Logins
  log: Log
  version: string
  instanceId: string
  startedAt: number
  /** Every face, our own first, with the limits that are in force. */
  faces: readonly { id: string; title: string; prefix: string; limits: readonly Limit[] }[]
  /** Where it listens; known once it does. */
  url(): string
  /** What runners are told to do because the control plane stops. */
  leaving(): 'no' | 'when-idle' | 'stop-agents'
  /** Resolves when the control plane begins to stop; parked requests answer then. */
  stopping: AbortSignal
}
