import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'

export const keyScopes = ['read', 'write', 'admin', 'runner'] as const
export type KeyScope = (typeof keyScopes)[number]

/** A style decides the prefix only; any key opens any face. */
export const keyPrefixes = {
  flotilla: 'flt_live_',
  fleetrun: 'fr_live_',
  fleece: 'flc_',
  agentfleet: 'af_live_'
} as const
export type KeyStyle = keyof typeof keyPrefixes
export const keyStyles = Object.keys(keyPrefixes) as [KeyStyle, ...KeyStyle[]]

export const key = z
  .object({
    id: z.uuid(),
    userId: z.string().describe('Whose it is; it never reaches further than this person'),
    name: z.string(),
    style: z.enum(keyStyles),
    prefix: z.string().describe('First 12 characters'),
    scopes: z.array(z.enum(keyScopes)),
    createdAt: timestamp,
    lastUsedAt: timestamp.nullable(),
    expiresAt: timestamp.nullable()
  })
  .meta({ id: 'Key' })
export type Key = z.infer<typeof key>

export const maxKeys = 500
/** Keys that there may be of a style, where it has a limit of its own. */
export const maxKeysOfStyle: Partial<Record<KeyStyle, number>> = { fleece: 25 }

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
    style: z.enum(keyStyles).default('flotilla'),
    scopes: z.array(z.enum(keyScopes)).min(1).optional().describe('Default: read, write; agentfleet also runner'),
    expiresAt: timestamp.optional()
  }),
  output: key.extend({ key: z.string() }),
  status: 201,
  errors: ['LIMIT_REACHED']
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
