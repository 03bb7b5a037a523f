import type { FaceMarks } from '../http/for-faces.ts'
import { agenfleet } from './agenfleet/index.ts'
import { agentfleet } from './agentfleet/index.ts'
import type { Dialect } from './dialect.ts'
import { fleetrun } from './fleetrun/index.ts'

/** Every dialect, in the order in which they are listed. */
export const dialects: readonly Dialect[] = [agenfleet, fleetrun, agentfleet]

/** Those to come: keys and tokens for their clients can be made already. */
export const announced: readonly FaceMarks[] = [
  { id: 'trinity', prefix: '/trinity', root: '/api/', tokens: true },
  {
    id: 'fleece',
    prefix: '/fleece',
    root: '/api/v1/',
    keys: { name: 'fleece', prefix: 'flc_', scopes: ['read', 'write'], most: 25 }
  }
]
