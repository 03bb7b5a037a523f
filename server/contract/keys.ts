import { z } from 'zod'
import { endpoint, idParams, timestamp } from './endpoint.ts'

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

export const listKeys = endpoint({
  id: 'listKeys',
  method: 'GET',
  path: '/api/v1/keys',
  tag: 'keys',
  summary: 'API keys, most recent first; never their values',
  scope: 'admin',
  output: z.object({ data: z.array(key) })
})

export const createKey = endpoint({
  id: 'createKey',
  method: 'POST',
  path: '/api/v1/keys',
  tag: 'keys',
  summary: 'Make an API key; `key` is shown this once',
  scope: 'admin',
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

export const deleteKey = endpoint({
  id: 'deleteKey',
  method: 'DELETE',
  path: '/api/v1/keys/:id',
  tag: 'keys',
  summary: 'Revoke a key; its very next request is refused',
  scope: 'admin',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})
