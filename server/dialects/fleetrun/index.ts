import { z } from 'zod'
import { minute } from '../../http/for-faces.ts'
import type { Dialect } from '../dialect.ts'
import { agentRoutes } from './handlers/agents.ts'
import { mcpRoutes } from './handlers/mcps.ts'
import { meRoutes } from './handlers/me.ts'
import { messageRoutes } from './handlers/messages.ts'
import { secretRoutes } from './handlers/secrets.ts'
import { taskRoutes } from './handlers/tasks.ts'
import { usageRoutes } from './handlers/usage.ts'

export const fleetrun: Dialect = {
  id: 'fleetrun',
  title: 'Fleetrun',
  prefix: '/fleetrun',
  root: '/api/',
  keys: { name: 'fleetrun', prefix: 'fr_live_', scopes: ['read', 'write'] },
  description:
    'Lists are bare arrays. Parameters of a GET or DELETE may come in the query or as a JSON body. ' +
    'A mutating request may carry `Idempotency-Key`.',
  routes: services => [
    ...agentRoutes(),
    ...taskRoutes(),
    ...secretRoutes(),
    ...messageRoutes(),
    ...mcpRoutes(),
    ...usageRoutes(),
    ...meRoutes(services)
  ],
  errorBody: z.object({ error: z.string() }),
  renderError: ({ status, message }, requestId) => ({
    error: status >= 500 ? `${message} (request ${requestId})` : message
  }),
  words: { fields: { managerId: 'manager', assigneeId: 'assignee', requesterId: 'requester', epicId: 'epic_id' } },
  statuses: { LIMIT_REACHED: 403 },
  meanings: {
    400: 'Bad request - missing or invalid fields',
    401: 'Unauthorized - missing or invalid Bearer token',
    403: 'Forbidden - plan limit reached or insufficient permissions',
    404: 'Resource not found',
    405: 'The path takes other methods',
    409: 'It contradicts what is there',
    412: 'It changed since it was read',
    413: 'The body is too large',
    415: 'The body is not application/json',
    421: 'The host is none of this server',
    429: 'Rate limit exceeded - back off and retry',
    500: 'Internal server error - something went wrong on our end',
    503: 'The server is stopping, or cannot write'
  },
  tags: {
    agents: 'The agents of the org',
    mcps: 'MCP servers for the agents',
    me: 'Who calls',
    messages: 'The message bus',
    secrets: 'Values that agents get and nobody sees',
    tasks: 'Tasks, and running them',
    usage: 'Tokens and task counts'
  },
  limits: [{ id: 'fleetrun', requests: 120, windowMs: minute, by: 'credential' }],
  parametersInBody: true
}
