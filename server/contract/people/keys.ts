import { z } from 'zod'
import { endpoint, idParams, listed, timestamp } from '../endpoint.ts'

export const keyScopes = ['read', 'write', 'admin', 'runner'] as const
export type KeyScope = (typeof keyScopes)[number]

/** A style is what the keys of a face look like; any key opens any face. */
const style = listed('keyStyles')

export const key = z
  .object({
    id: z.uuid(),
    userId: z.string().describe('Whose it is; it never reaches further than this person'),
    name: z.string(),
    style,
    prefix: z.string().describe('First 12 characters'),
    scopes: z.array(z.enum(keyScopes)),
    createdAt: timestamp,
    lastUsedAt: timestamp.nullable(),
    expiresAt: timestamp.nullable()
  })
  .meta({ id: 'Key' })
export type Key = z.infer<typeof key>

export const maxKeys = 500

export const listKeys = endpoint({
  id: 'listKeys',
  method: 'GET',
  path: '/api/v1/keys',
  tag: 'keys',
  summary: 'API keys, most recent first; never their values. Admins see those of everybody.',
  scope: 'self',
  output: z.object({ data: z.array(key) })
})

export const createKey = endpoint({
  id: 'createKey',
  method: 'POST',
  path: '/api/v1/keys',
  tag: 'keys',
  summary: 'Make an API key of mine; `key` is shown this once',
  scope: 'self',
  body: z.object({
    name: z.string().trim().min(1).max(100),
    style: style.default('flotilla'),
    scopes: z.array(z.enum(keyScopes)).min(1).optional().describe('Default: read, write; agentfleet also runner'),
    expiresAt: timestamp.optional()
  }),
  output: key.extend({ key: z.string() }),
  status: 201,
  errors: ['TOO_MANY_KEYS']
})

export const getKey = endpoint({
  id: 'getKey',
  method: 'GET',
  path: '/api/v1/keys/:id',
  tag: 'keys',
  summary: 'One key; never its value',
  scope: 'self',
  params: idParams,
  output: key,
  errors: ['NOT_FOUND']
})

export const deleteKey = endpoint({
  id: 'deleteKey',
  method: 'DELETE',
  path: '/api/v1/keys/:id',
  tag: 'keys',
  summary: 'Revoke a key; its very next request is refused, and what it streams ends',
  scope: 'self',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})
