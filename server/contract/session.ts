import { z } from 'zod'
import { endpoint, timestamp } from './endpoint.ts'
import { keyScopes } from './keys.ts'
import { email, newPassword, personName, user } from './users.ts'

/** Who the caller is to the control plane: a credential and the person behind it. */
export const me = z
  .object({
    kind: z.enum(['owner', 'session', 'token', 'key']),
    name: z.string(),
    scopes: z.array(z.enum(keyScopes)).describe('What the credential and the person both allow'),
    user
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

export const changeMe = endpoint({
  id: 'changeMe',
  method: 'PUT',
  path: '/api/v1/me',
  tag: 'session',
  summary:
    'Change my name, email or password; the first password turns email login on. A new password ends my other sessions.',
  scope: 'self',
  body: z.object({
    email: email.optional(),
    name: personName.optional(),
    password: newPassword.optional(),
    currentPassword: z.string().max(256).optional().describe('Needed for a new email or password, where there is one')
  }),
  output: me,
  errors: ['EMAIL_TAKEN', 'WRONG_PASSWORD', 'PRECONDITION_FAILED']
})

export const createLoginLink = endpoint({
  id: 'createLoginLink',
  method: 'POST',
  path: '/api/v1/auth/login-link',
  tag: 'session',
  summary: 'A link that signs one browser in as me, once',
  scope: 'self',
  output: z.object({ url: z.string(), expiresAt: timestamp }),
  status: 201
})

export const logout = endpoint({
  id: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  tag: 'session',
  summary: 'End the session that asks',
  scope: 'self',
  output: z.object({ success: z.literal(true) })
})
