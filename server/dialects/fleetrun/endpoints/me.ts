import { z } from 'zod'
import { endpoint } from '#contract/endpoint'
import { roles } from '#contract/people/users'

export const getMe = endpoint({
  id: 'getMe',
  method: 'GET',
  path: '/api/me',
  tag: 'me',
  summary: 'The authenticated user and the org',
  scope: 'read',
  output: z
    .object({
      id: z.uuid(),
      email: z.string(),
      name: z.string(),
      role: z.enum(roles),
      org: z.object({ id: z.string(), name: z.string() }),
      plan: z.string(),
      features: z
        .record(z.string(), z.boolean())
        .describe('What this token may do, whether a runner is connected, and by name which runtimes are ready')
    })
    .meta({ id: 'User' })
})
