import { z } from 'zod'
import { day, minute } from '../../http/for-faces.ts'
import type { Dialect } from '../dialect.ts'
import { agentRoutes } from './handlers/agents.ts'
import { flowRoutes } from './handlers/flows.ts'
import { keyRoutes } from './handlers/keys.ts'

/** Where the document shows the very words. */
const fixed: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  404: 'Not found',
  429: 'Rate limit exceeded',
  500: 'Internal server error'
}

export const fleece: Dialect = {
  id: 'fleece',
  title: 'Fleece AI',
  prefix: '/fleece',
  base: '/api/v1',
  root: '/api/v1/',
  keys: { name: 'fleece', prefix: 'flc_', scopes: ['read', 'write'], most: 25 },
  description:
    'Lists are `{data, total}`, keys a bare array, errors `{error}`. A mutating request may carry `Idempotency-Key`. ' +
    'Answers say in `X-RateLimit-…` how many requests are left.',
  routes: services => [...agentRoutes(services), ...flowRoutes(), ...keyRoutes()],
  errorBody: z.object({ error: z.string(), upgrade: z.literal(true).optional() }),
  renderError: ({ code, status, message }, requestId) => {
    if (status >= 500) return { error: `${fixed[status] ?? message} (request ${requestId})` }
    const error = fixed[status] ?? message.replace(/(\S+): is missing(; [^;]* is expected)?/g, '$1 is required')
    return code === 'TOO_MANY_KEYS' ? { error, upgrade: true } : { error }
  },
  statuses: { LIMIT_REACHED: 403, TOO_MANY_KEYS: 403, BUDGET_EXHAUSTED: 403 },
  meanings: {
    400: 'Bad Request - invalid or missing parameters',
    401: 'Unauthorized - missing or invalid API key',
    403: 'Forbidden - plan limit or feature restriction',
    404: "Not Found - resource does not exist or you don't own it",
    405: 'The path takes other methods',
    409: 'Conflict - e.g. it runs already',
    412: 'It changed since it was read',
    413: 'The body is too large',
    415: 'The body is not application/json',
    421: 'The host is none of this server',
    429: 'Too Many Requests - rate limit exceeded',
    500: 'Internal Server Error - unexpected failure',
    503: 'The server is stopping, or cannot write'
  },
  tags: {
    agents: 'Create, list, and execute AI agents',
    flows: 'Manage automated workflows and their execution history',
    keys: 'Create and manage API keys for authentication'
  },
  // The plan is enterprise: any number a day. 60 and 5000 are pro, 300 and 50000 business.
  limits: [
    { id: 'fleece', requests: 600, windowMs: minute, by: 'credential' },
    { id: 'fleece-day', requests: 0, windowMs: day, by: 'credential' }
  ],
  tellsAllowance: true
}
