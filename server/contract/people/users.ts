import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'
import type { KeyScope } from './keys.ts'

export const roles = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof roles)[number]

/** How far a person reaches; a key or a session of theirs never reaches further. */
export const roleScopes = {
  owner: ['read', 'write', 'admin', 'runner'],
  admin: ['read', 'write', 'admin', 'runner'],
  member: ['read', 'write'],
  viewer: ['read']
} as const satisfies Record<Role, readonly KeyScope[]>

export const email = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@"<>]{1,64}@[^\s@"<>]{1,189}$/, 'is no email address')
/** Bounded above, since hashing it costs. */
export const newPassword = z.string().min(8, 'at least 8 characters').max(256, 'at most 256 characters')
export const personName = z.string().trim().min(1).max(100)

export const user = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    hasPassword: z.boolean().describe('Without one, email login is off for this person'),
    mfaEnabled: z.boolean(),
    lastLoginAt: timestamp.nullable(),
    createdAt: timestamp
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof user>

export const maxUsers = 1000

export const listUsers = endpoint({
  id: 'listUsers',
  method: 'GET',
  path: '/api/v1/users',
  tag: 'users',
  summary: 'People, most recent first',
  scope: 'admin',
  query: pageQuery,
  output: page(user)
})

export const createUser = endpoint({
  id: 'createUser',
  method: 'POST',
  path: '/api/v1/users',
  tag: 'users',
  summary: 'Add a person. Only an owner can make an owner.',
  scope: 'admin',
  body: z.object({
    email,
    name: personName.optional().describe('Default: what stands before the @'),
    password: newPassword.optional().describe('Without one the person cannot log in by email yet'),
    role: z.enum(roles).default('member')
  }),
  output: user,
  status: 201,
  errors: ['EMAIL_TAKEN', 'LIMIT_REACHED']
})

export const getUser = endpoint({
  id: 'getUser',
  method: 'GET',
  path: '/api/v1/users/:id',
  tag: 'users',
  summary: 'One person',
  scope: 'admin',
  params: idParams,
  output: user,
  errors: ['NOT_FOUND']
})

export const changeUser = endpoint({
  id: 'changeUser',
  method: 'PATCH',
  path: '/api/v1/users/:id',
  tag: 'users',
  summary: 'Change a person. A new role or password ends their sessions. There is always an owner left.',
  scope: 'admin',
  params: idParams,
  body: z.object({
    email: email.optional(),
    name: personName.optional(),
    password: newPassword.optional(),
    role: z.enum(roles).optional()
  }),
  output: user,
  errors: ['NOT_FOUND', 'EMAIL_TAKEN', 'LAST_OWNER']
})

export const deleteUser = endpoint({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/api/v1/users/:id',
  tag: 'users',
  summary: 'Remove a person; their keys and sessions stop at once, their agents become yours',
  scope: 'admin',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'LAST_OWNER']
})
