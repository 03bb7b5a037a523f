import { z } from 'zod'
import { endpoint } from './endpoint.ts'

const planted = z.object({ agents: z.int(), runs: z.int(), tasks: z.int(), epics: z.int(), flows: z.int() })
export type Planted = z.infer<typeof planted>

export const plantDemo = endpoint({
  id: 'plantDemo',
  method: 'POST',
  path: '/api/v1/demo',
  tag: 'data',
  summary:
    'Fill a fleet that has no agents with demo data: agents, runs with costs, tasks, flows, and questions that wait',
  scope: 'admin',
  output: planted,
  status: 201,
  errors: ['FLEET_NOT_EMPTY']
})

export const removeDemo = endpoint({
  id: 'removeDemo',
  method: 'DELETE',
  path: '/api/v1/demo',
  tag: 'data',
  summary: 'Remove the demo data, and nothing else: a demo agent that was given work of your own stays, and is yours',
  scope: 'admin',
  output: z.object({ kept: z.array(z.string()).describe('Names of demo agents that stay') })
})
