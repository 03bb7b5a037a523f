import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'

export const engineKinds = ['docker', 'docker-desktop', 'podman'] as const
export type EngineKind = (typeof engineKinds)[number]

/** What keeps an agent in bounds, and an engine may not hold: limits of a container, and agents from each other's network. */
export const engineBounds = ['memory', 'swap', 'cpu', 'processes', 'isolation'] as const
export type EngineBound = (typeof engineBounds)[number]

export const engineTroubles = [
  'NOT_THERE',
  'NOT_ANSWERING',
  'NOT_ALLOWED',
  'NOT_AN_ENGINE',
  'BAD_ADDRESS',
  'NO_CONTEXT',
  'NOT_SUPPORTED',
  'NOT_TRUSTED',
  'LOST'
] as const
export type EngineTroubleCode = (typeof engineTroubles)[number]

export const engineTrouble = z.object({
  code: z.enum(engineTroubles),
  message: z.string().describe('What is wrong, in words'),
  wayOut: z.string().describe('What to do about it'),
  command: z.string().nullable().describe('To be typed in a terminal of its computer')
})
export type EngineTrouble = z.infer<typeof engineTrouble>

export const engineFacts = z.object({
  kind: z.enum(engineKinds),
  product: z.string().describe('As it calls itself: `Docker Engine`'),
  version: z.string(),
  apiVersion: z.string(),
  system: z.string().describe('What it runs on: `Debian GNU/Linux 12 (bookworm)`'),
  architecture: z.string(),
  rootless: z.boolean(),
  cgroup: z.enum(['v1', 'v2']).nullable().describe('null: it does not say'),
  cpus: z.int(),
  memoryBytes: z.int(),
  lacks: z
    .array(z.object({ bound: z.enum(engineBounds), words: z.string() }))
    .describe('Bounds that it takes and does not hold')
})
export type EngineFacts = z.infer<typeof engineFacts>

export const engine = z
  .object({
    id: z.string().describe('Of its address: the same after every start'),
    name: z.string(),
    isDefault: z.boolean().describe('The one that the `docker` command uses'),
    address: z.string().describe('Without user and password'),
    foundBy: z.enum(['DOCKER_HOST', 'context', 'socket']),
    state: z.enum(['connecting', 'connected', 'unreachable']),
    stateSince: timestamp,
    lastSeenAt: timestamp.nullable().describe('When it answered last; null: not since the start'),
    answerMs: z.number().nullable().describe('How long its last answer took; null: it is not connected'),
    facts: engineFacts.nullable().describe('As it said last; null: it has not answered since the start'),
    trouble: engineTrouble.nullable(),
    nextTryAt: timestamp.nullable().describe('While it is unreachable')
  })
  .meta({ id: 'Engine' })
export type Engine = z.infer<typeof engine>

export const listEngines = endpoint({
  id: 'listEngines',
  method: 'GET',
  path: '/api/v1/engines',
  tag: 'engines',
  summary:
    'Container engines of this computer, the default one first. There is always one: where none was found it is the one ' +
    'that should be there, with the way out in `trouble`',
  scope: 'read',
  output: z.object({ data: z.array(engine) })
})

export const getEngine = endpoint({
  id: 'getEngine',
  method: 'GET',
  path: '/api/v1/engines/:id',
  tag: 'engines',
  summary: 'One engine',
  scope: 'read',
  params: idParams,
  output: engine,
  errors: ['NOT_FOUND']
})

export const refreshEngines = endpoint({
  id: 'refreshEngines',
  method: 'POST',
  path: '/api/v1/engines/refresh',
  tag: 'engines',
  summary: 'Look for engines again, and try at once those that are unreachable; answers after at most 5 s',
  scope: 'write',
  output: z.object({ data: z.array(engine) })
})

export const engineTestSteps = ['answer', 'image', 'create', 'limits', 'start', 'network', 'remove'] as const
export type EngineTestStepId = (typeof engineTestSteps)[number]

/** `lacking`: it works, but not as bounds of an agent should. `skipped`: an earlier one failed, or it cannot be tried here. */
export const engineTestStep = z.object({
  id: z.enum(engineTestSteps),
  outcome: z.enum(['done', 'lacking', 'failed', 'skipped']),
  detail: z.string(),
  ms: z.int()
})
export type EngineTestStep = z.infer<typeof engineTestStep>

export const engineTest = z
  .object({
    engineId: z.string(),
    ok: z.boolean().describe('Every step was done'),
    testedAt: timestamp,
    steps: z.array(engineTestStep)
  })
  .meta({ id: 'EngineTest' })
export type EngineTest = z.infer<typeof engineTest>

export const testEngine = endpoint({
  id: 'testEngine',
  method: 'POST',
  path: '/api/v1/engines/:id/test',
  tag: 'engines',
  summary:
    'Make a container with all bounds that agents get, read them back, start it, and remove everything again. Needs no ' +
    'network and takes about a second; a second test of an engine waits for the first and has its answer',
  scope: 'admin',
  params: idParams,
  output: engineTest,
  errors: ['NOT_FOUND', 'ENGINE_UNAVAILABLE']
})
