import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'
import { maxName } from './runner-protocol.ts'

/** A code lasts this long, in minutes. */
export const pairingMinutes = 10
/** Codes that can be used at a time. */
export const maxPairings = 50

const runnerName = z.string().trim().min(1).max(maxName)

/** A wish that another machine joins: a code was shown for it, once. */
export const pairing = z
  .object({
    id: z.uuid(),
    name: z.string().nullable().describe('What the runner is called where it names itself nothing else'),
    address: z.string().describe('Where the runner calls'),
    pinned: z.boolean().describe('The code names the public key that must answer there'),
    createdAt: timestamp,
    expiresAt: timestamp,
    usedAt: timestamp.nullable(),
    usedBy: z.string().nullable().describe('Host name of the machine that used the code'),
    keyId: z.uuid().nullable().describe('The key that its runner got')
  })
  .meta({ id: 'Pairing' })
export type Pairing = z.infer<typeof pairing>

export const listPairings = endpoint({
  id: 'listPairings',
  method: 'GET',
  path: '/api/v1/pairings',
  tag: 'runners',
  summary: 'Pairing codes of the last day, most recent first; never their values',
  scope: 'admin',
  output: z.object({ data: z.array(pairing) })
})

export const createPairing = endpoint({
  id: 'createPairing',
  method: 'POST',
  path: '/api/v1/pairings',
  tag: 'runners',
  summary: `Make a pairing code by which one machine joins, once, within ${pairingMinutes} minutes; \`code\` is shown this once`,
  scope: 'admin',
  body: z.object({
    name: runnerName.optional(),
    address: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .optional()
      .describe('How the machine reaches this control plane; default: the first of `addresses` of `GET /system`')
  }),
  output: pairing.extend({ code: z.string() }),
  status: 201,
  errors: ['LIMIT_REACHED']
})

export const getPairing = endpoint({
  id: 'getPairing',
  method: 'GET',
  path: '/api/v1/pairings/:id',
  tag: 'runners',
  summary: 'One pairing code; never its value',
  scope: 'admin',
  params: idParams,
  output: pairing,
  errors: ['NOT_FOUND']
})

export const deletePairing = endpoint({
  id: 'deletePairing',
  method: 'DELETE',
  path: '/api/v1/pairings/:id',
  tag: 'runners',
  summary: 'Void a pairing code; the key of a runner that used it is revoked',
  scope: 'admin',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})

/** Below this path guesses are counted. */
export const redeemPath = '/api/v1/join'

export const redeemPairing = endpoint({
  id: 'redeemPairing',
  method: 'POST',
  path: redeemPath,
  tag: 'runners',
  summary:
    'Use a pairing code: a runner gets a key of its own. The same machine may ask again as long as it has not used the key.',
  scope: 'public',
  body: z.object({
    secret: z.string().min(1).max(100),
    identity: z.uuid().describe('Of the runner, made by itself'),
    hostname: z.string().min(1).max(255)
  }),
  output: z.object({ key: z.string(), name: z.string().nullable() }),
  status: 201,
  errors: ['PAIRING_UNKNOWN', 'PAIRING_USED', 'PAIRING_EXPIRED', 'TOO_MANY_KEYS']
})
