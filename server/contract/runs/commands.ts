import { z } from 'zod'
import { endpoint, idParams } from '../endpoint.ts'

/** What a person can type after a slash at the start of a prompt, as the runtime told when it started. */
export const runCommand = z.object({ name: z.string() }).meta({ id: 'RunCommand' })
export type RunCommand = z.infer<typeof runCommand>

export const listRunCommands = endpoint({
  id: 'listRunCommands',
  method: 'GET',
  path: '/api/v1/runs/:id/commands',
  tag: 'runs',
  summary: 'Commands that the runtime told in this run, or in the one before it; none where nothing was told',
  scope: 'read',
  params: idParams,
  output: z.object({ data: z.array(runCommand) }),
  errors: ['NOT_FOUND']
})
