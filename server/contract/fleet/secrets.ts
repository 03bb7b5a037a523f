import { z } from 'zod'
import { endpoint, timestamp } from '../endpoint.ts'
import { maxSecretsBytes, maxVariableBytes, shortestHidden } from './handed-values.ts'

export const secretScopes = ['org', 'agent'] as const

export const secretKey = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,127}$/, 'upper case letters, digits and _, beginning with a letter')

/** A secret without its value; no answer ever holds one. */
export const secret = z
  .object({
    key: z.string(),
    scope: z.enum(secretScopes),
    agentId: z.string().nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
    lastUsedAt: timestamp.nullable(),
    readable: z
      .boolean()
      .describe('false: it was sealed with another data key; put that key back, or set the secret again')
  })
  .meta({ id: 'Secret' })
export type Secret = z.infer<typeof secret>

export const maxSecrets = 5000

const address = z.object({
  scope: z.enum(secretScopes).default('org'),
  agentId: z.string().min(1).max(64).optional().describe('Needed for the scope `agent`')
})

export const listSecrets = endpoint({
  id: 'listSecrets',
  method: 'GET',
  path: '/api/v1/secrets',
  tag: 'secrets',
  summary: 'Names of secrets; without a scope all of them',
  scope: 'read',
  // Its own, since a default of `org` would hide those of agents.
  query: address.extend({
    scope: z.enum(secretScopes).optional(),
    reaches: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'Id or slug of an agent: those that are for it, of the organisation and its own. Where both have a key, its own is what it gets'
      )
  }),
  output: z.object({ data: z.array(secret) }),
  errors: ['UNKNOWN_AGENT']
})

export const setSecret = endpoint({
  id: 'setSecret',
  method: 'POST',
  path: '/api/v1/secrets',
  tag: 'secrets',
  summary:
    'Make or replace a secret; it reaches agents as an environment variable when a run starts. Names by which programs ' +
    `decide what to run are refused, and what no process can be given: NUL, more than ${maxVariableBytes / 1024} KiB, all of ` +
    `an agent together more than ${maxSecretsBytes / 1024} KiB.`,
  scope: 'write',
  body: address.extend({ key: secretKey, value: z.string().min(1).max(maxVariableBytes) }),
  output: secret.extend({
    warning: z
      .string()
      .nullable()
      .describe(`Says that agents may show it: values of fewer than ${shortestHidden} characters cannot be hidden`)
  }),
  status: 201,
  otherStatus: { status: 200, when: 'It was replaced' },
  errors: ['UNKNOWN_AGENT', 'LIMIT_REACHED']
})

const keyParams = z.object({ key: z.string().max(128) })

export const getSecret = endpoint({
  id: 'getSecret',
  method: 'GET',
  path: '/api/v1/secrets/:key',
  tag: 'secrets',
  summary: 'One secret, without its value',
  scope: 'read',
  params: keyParams,
  query: address,
  output: secret,
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT']
})

export const deleteSecret = endpoint({
  id: 'deleteSecret',
  method: 'DELETE',
  path: '/api/v1/secrets/:key',
  tag: 'secrets',
  summary: 'Delete a secret',
  scope: 'write',
  params: keyParams,
  query: address,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT']
})
