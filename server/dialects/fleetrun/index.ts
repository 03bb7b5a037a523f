import { z } from 'zod'
import { minute } from '../../http/for-dialects.ts'
import type { Dialect } from '../dialect.ts'
import { routes } from './handlers.ts'
import { inTheirWords } from './translate.ts'

export const fleetrun: Dialect = {
  id: 'fleetrun',
  title: 'Fleetrun',
  prefix: '/fleetrun',
  description:
    'Lists are bare arrays. Parameters of a GET or DELETE may come in the query or as a JSON body. ' +
    'A mutating request may carry `Idempotency-Key`.',
  routes,
  errorBody: z.object({ error: z.string() }),
  renderError: (error, requestId) => ({
    error: error.status >= 500 ? `${error.message} (request ${requestId})` : inTheirWords(error.message)
  }),
  statuses: { LIMIT_REACHED: 403 },
  limits: [{ id: 'fleetrun', requests: 120, windowMs: minute, by: 'credential' }],
  parametersInBody: true
}
