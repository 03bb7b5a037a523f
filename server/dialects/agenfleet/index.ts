import { z } from 'zod'
import { minute, quarterHour } from '../../http/for-dialects.ts'
import type { Dialect } from '../dialect.ts'
import { routes } from './handlers.ts'
import { inTheirWords } from './translate.ts'

export const agenfleet: Dialect = {
  id: 'agenfleet',
  title: 'AgenFleet',
  prefix: '/agenfleet',
  description:
    'Lists are `{data, pagination}`, errors `{error}`. Log in at `/api/auth/login` for a token. ' +
    'A mutating request may carry `Idempotency-Key`.',
  routes,
  errorBody: z.object({ error: z.string() }),
  renderError: (error, requestId) => ({
    error: error.status >= 500 ? `${error.message} (request ${requestId})` : inTheirWords(error.message)
  }),
  limits: [
    { id: 'agenfleet', requests: 60, windowMs: minute, by: 'address' },
    { id: 'agenfleet-auth', requests: 10, windowMs: quarterHour, by: 'address', under: '/api/auth/' },
    { id: 'agenfleet-billing', requests: 5, windowMs: minute, by: 'address', under: '/api/billing/' },
    { id: 'agenfleet-mfa', requests: 5, windowMs: quarterHour, by: 'address', under: '/api/auth/mfa/' }
  ]
}
