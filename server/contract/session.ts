import { z } from 'zod'
import { endpoint, timestamp } from './endpoint.ts'
import { keyScopes } from './keys.ts'

/** Who the caller is to the control plane. */
export const me = z
  .object({
    kind: z.enum(['owner', 'session', 'key']),
    name: z.string(),
    scopes: z.array(z.enum(keyScopes))
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof me>

export const getMe = endpoint({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  tag: 'session',
  summary: 'Who I am',
  scope: 'read',
  output: me
})

export const createLoginLink = endpoint({
  id: 'createLoginLink',
  method: 'POST',
  path: '/api/v1/auth/login-link',
  tag: 'session',
  summary: 'A link that signs one browser in, once',
  scope: 'admin',
  output: z.object({ url: z.string(), expiresAt: timestamp }),
  status: 201
})

export const logout = endpoint({
  id: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  tag: 'session',
  summary: 'End the session of this browser',
  scope: 'write',
  output: z.object({ success: z.literal(true) })
})
