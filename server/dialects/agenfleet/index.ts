import { z } from 'zod'
import { minute, quarterHour } from '../../http/for-faces.ts'
import type { Dialect } from '../dialect.ts'
import { agentRoutes } from './handlers/agents.ts'
import { auditRoutes } from './handlers/audit.ts'
import { authRoutes } from './handlers/auth.ts'
import { billingRoutes } from './handlers/billing.ts'
import { costRoutes } from './handlers/costs.ts'
import { workforceRoutes } from './handlers/workforce.ts'

export const agenfleet: Dialect = {
  id: 'agenfleet',
  title: 'AgenFleet',
  prefix: '/agenfleet',
  root: '/api/',
  tokens: true,
  description:
    'Lists are `{data, pagination}`, errors `{error}`. Log in at `/api/auth/login` for a token. ' +
    'A mutating request may carry `Idempotency-Key`.',
  routes: services => [
    ...authRoutes(services),
    ...agentRoutes(),
    ...costRoutes(),
    ...billingRoutes(),
    ...auditRoutes(services),
    ...workforceRoutes()
  ],
  errorBody: z.object({ error: z.string() }),
  renderError: ({ status, message }, requestId) => ({
    error: status >= 500 ? `${message} (request ${requestId})` : message
  }),
  words: { missing: { agent: 'No agent found with that ID' } },
  meanings: {
    400: 'Request body failed validation',
    401: 'Missing or invalid token',
    403: 'Valid token but insufficient role/scope',
    404: 'Resource does not exist or belongs to another tenant',
    405: 'The path takes other methods',
    409: 'It contradicts what is there',
    412: 'It changed since it was read',
    413: 'The body is too large',
    415: 'The body is not application/json',
    421: 'The host is none of this server',
    429: 'Too many requests',
    500: 'Platform error',
    503: 'The server is stopping, or cannot write'
  },
  tags: {
    agents: 'The agents of the fleet',
    audit: 'Who did what, with the chain that proves it',
    auth: 'Tokens for the clients of this API',
    billing: 'Spend and budget of the month',
    'cost-analysis': 'Where the money goes, and how it could be less',
    workforce: 'What agents got done'
  },
  limits: [
    { id: 'agenfleet', requests: 60, windowMs: minute, by: 'address' },
    { id: 'agenfleet-auth', requests: 10, windowMs: quarterHour, by: 'address', under: '/api/auth/' },
    { id: 'agenfleet-billing', requests: 5, windowMs: minute, by: 'address', under: '/api/billing/' },
    { id: 'agenfleet-mfa', requests: 5, windowMs: quarterHour, by: 'address', under: '/api/auth/mfa/' }
  ]
}
