import { z } from 'zod'
import { endpoint } from '#contract/endpoint'

const bee = z.object({ title: z.string() }).meta({ id: 'Bee' })
const named = z.object({ title: z.string().min(1).max(64) })

export const logIn = endpoint({
  id: 'logIn',
  method: 'POST',
  path: '/bees/token',
  tag: 'hive',
  summary: 'Log in with a form',
  scope: 'public',
  takes: ['form', 'multipart'],
  body: z.object({ username: z.string(), password: z.string() }),
  output: z.object({ access_token: z.string() }),
  errors: ['UNAUTHORIZED']
})

export const getBee = endpoint({
  id: 'getBee',
  method: 'GET',
  path: '/bees/all/:title',
  tag: 'bees',
  summary: 'One bee',
  scope: 'read',
  params: named,
  output: bee,
  errors: ['NOT_FOUND']
})

export const makeBee = endpoint({
  id: 'makeBee',
  method: 'POST',
  path: '/bees/all',
  tag: 'bees',
  summary: 'Make a bee; its queen is another one',
  scope: 'write',
  body: named.extend({ queen: z.string().optional() }),
  output: bee,
  status: 201,
  errors: ['NAME_TAKEN', 'UNKNOWN_AGENT']
})

export const dropBee = endpoint({
  id: 'dropBee',
  method: 'DELETE',
  path: '/bees/all/:title',
  tag: 'bees',
  summary: 'Archive a bee',
  scope: 'write',
  takes: [],
  params: named,
  output: z.object({}),
  errors: ['NOT_FOUND']
})

export const speak = endpoint({
  id: 'speak',
  method: 'POST',
  path: '/bees/rpc',
  tag: 'hive',
  summary: 'JSON-RPC 2.0: `count`, and `stay` until the credential ends',
  scope: 'read',
  body: z.object({ id: z.int(), method: z.enum(['count', 'stay']) }),
  output: z.object({ jsonrpc: z.literal('2.0'), id: z.int(), result: z.int() })
})
