import { z } from 'zod'
import { endpoint, timestamp } from '#contract/endpoint'
import { secretKey, secretScopes } from '#contract/fleet/secrets'
import { ok, reference } from './parts.ts'

const secretScope = z.enum(secretScopes).default('org')

export const listSecrets = endpoint({
  id: 'listSecrets',
  method: 'GET',
  path: '/api/secrets',
  tag: 'secrets',
  summary: 'List secret keys; values are never returned',
  scope: 'read',
  query: z.object({ scope: secretScope, agent: reference.optional().describe('Of this agent, for scope agent') }),
  output: z.array(
    z
      .object({
        key: z.string(),
        scope: z.enum(secretScopes),
        agentId: z.string().nullable(),
        updatedAt: timestamp
      })
      .meta({ id: 'Secret' })
  ),
  errors: ['UNKNOWN_AGENT']
})

const agentId = reference.nullish().describe('Needed for scope agent')

export const setSecret = endpoint({
  id: 'setSecret',
  method: 'POST',
  path: '/api/secrets',
  tag: 'secrets',
  summary: 'Create or update a secret, encrypted at rest',
  scope: 'write',
  body: z.object({ key: secretKey, value: z.string().min(1).max(65_536), scope: secretScope, agentId }),
  output: ok,
  status: 201,
  otherStatus: { status: 200, when: 'It was replaced' },
  errors: ['UNKNOWN_AGENT', 'LIMIT_REACHED']
})

export const deleteSecret = endpoint({
  id: 'deleteSecret',
  method: 'DELETE',
  path: '/api/secrets',
  tag: 'secrets',
  summary: 'Delete a secret by key and scope',
  scope: 'write',
  query: z.object({ key: secretKey, scope: secretScope, agentId }),
  output: ok,
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT']
})
