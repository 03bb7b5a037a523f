import { endpoint, idParams, queryInt } from '../endpoint.ts'
import { run } from './runs.ts'

export const stopRunDaemon = endpoint({
  id: 'stopRunDaemon',
  method: 'POST',
  path: '/api/v1/runs/:id/daemons/:pid/stop',
  tag: 'runs',
  summary: 'End a process that the agent of a run left on purpose. It is asked first and then ended within 10 s.',
  scope: 'write',
  params: idParams.extend({ pid: queryInt(1, 4_294_967_295) }),
  output: run,
  status: 202,
  errors: ['NOT_FOUND', 'RUNNER_OFFLINE']
})
