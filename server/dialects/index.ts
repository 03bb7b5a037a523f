import type { FaceMarks } from '../http/for-faces.ts'
import { agenfleet } from './agenfleet/index.ts'
import { agentfleet } from './agentfleet/index.ts'
import type { Dialect } from './dialect.ts'
import { fleece } from './fleece/index.ts'
import { fleetrun } from './fleetrun/index.ts'

/** Every dialect, in the order in which they are listed. */
export const dialects: readonly Dialect[] = [agenfleet, fleetrun, fleece, agentfleet]

/** Those to come: keys and tokens for their clients can be made already. */
export const announced: readonly FaceMarks[] = [{ id: 'trinity', prefix: '/trinity', root: '/api/', tokens: true }]
