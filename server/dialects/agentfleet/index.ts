import { codedErrors, minute, runnerProtocolRoutes } from '../../http/for-faces.ts'
import type { Dialect } from '../dialect.ts'
import { runnerRoutes } from './handlers/runners.ts'
import { runRoutes } from './handlers/runs.ts'

export const agentfleet: Dialect = {
  id: 'agentfleet',
  title: 'AgentFleet',
  prefix: '/agentfleet',
  root: '/api/v1/',
  keys: { name: 'agentfleet', prefix: 'af_live_', scopes: ['read', 'write', 'runner'] },
  description:
    'Lists are `{data}`, single things bare objects, errors `{error: {code, message}}`. ' +
    'A mutating request may carry `Idempotency-Key`. Runners come with the same keys.',
  routes: services => [...runnerRoutes(), ...runRoutes(), ...runnerProtocolRoutes(services)],
  ...codedErrors,
  tags: {
    runners: 'The machines that sessions run on',
    runs: 'Sessions: launched, tailed, followed up',
    'runner protocol': 'What runners speak with the control plane'
  },
  limits: [{ id: 'agentfleet', requests: 600, windowMs: minute, by: 'credential' }]
}
