import { z } from 'zod'
import { endpoint, timestamp } from '#contract/endpoint'
import { id } from './parts.ts'

const key = {
  id: z.uuid(),
  name: z.string(),
  keyPrefix: z.string().describe('First 12 characters of the key'),
  createdAt: timestamp
}

export const listApiKeys = endpoint({
  id: 'listApiKeys',
  method: 'GET',
  path: '/api/v1/keys',
  tag: 'keys',
  summary: 'List API keys; full keys are never shown again',
  scope: 'read',
  output: z.array(
    z
      .object({
        ...key,
        isActive: z.boolean(),
        lastUsedAt: timestamp.nullable(),
        expiresAt: timestamp.nullable()
      })
      .meta({ id: 'ApiKey' })
  )
})

export const createApiKey = endpoint({
  id: 'createApiKey',
  method: 'POST',
  path: '/api/v1/keys',
  tag: 'keys',
  summary:
    'Create an API key; `key` is shown only once. It reaches no further, and lives no longer, than the one that it is made with',
  scope: 'write',
  body: z.object({ name: z.string().trim().min(1).max(100) }),
  output: z.object({ ...key, key: z.string() }).meta({ id: 'NewApiKey' }),
  errors: ['TOO_MANY_KEYS']
})

export const deleteApiKey = endpoint({
  id: 'deleteApiKey',
  method: 'DELETE',
  path: '/api/v1/keys/:keyId',
  tag: 'keys',
  summary: 'Permanently revoke an API key',
  scope: 'write',
  params: z.object({ keyId: id('Id of the key') }),
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})
