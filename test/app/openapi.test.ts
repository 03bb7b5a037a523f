import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorTable } from '#contract/errors'
import { dialects } from '../../server/dialects/index.ts'
import type { Face } from '../../server/http/face.ts'
import { native } from '../../server/http/native/index.ts'
import { endpoints } from '../kit/endpoints.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { breach, watchWire } from '../kit/wire-check.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

interface Operation {
  operationId: string
  parameters: { $ref?: string }[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

async function document(): Promise<OpenApi & Record<string, unknown>> {
  return (await app.request('GET', '/openapi.json', { token: null })).body as OpenApi & Record<string, unknown>
}

test('the document is valid OpenAPI 3.1 to an independent validator', async () => {
  const body = await document()
  const validator = new Validator()
  const result = await validator.validate(body)
  expect(result).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('it describes every endpoint of the contract, and no other', async () => {
  const { paths } = await document()
  const described = Object.values(paths).flatMap(item => Object.values(item).map(operation => operation.operationId))
  expect(described.sort()).toEqual(endpoints.map(endpoint => endpoint.id).sort())
})

test('every reference in it leads somewhere', async () => {
  const body = await document()
  const names = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(match => match[1])
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) expect(body.components.schemas).toHaveProperty(name ?? '')
})

test.each(['', '/agenfleet', '/fleetrun', '/fleece', '/agentfleet'])(
  'the page of %s is served from here, without loading anything from elsewhere',
  async prefix => {
    const page = await app.request('GET', `${prefix}/docs/`, { token: null })
    expect(page.status).toBe(200)
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '')
    expect(sources.length).toBeGreaterThan(2)
    for (const source of sources) {
      const url = new URL(source, `${app.url}${prefix}/docs/`)
      expect(url.origin).toBe(app.url)
      expect((await app.request('GET', url.pathname, { token: null })).status).toBe(200)
    }
  }
)

describe('every document', () => {
  const faces = [native, ...dialects]
  const documentOf = async ({ prefix }: Face) =>
    (await app.request('GET', `${prefix}/openapi.json`, { token: null })).body as OpenApi & {
      tags: { name: string; description?: string }[]
    }

  test.each(faces.map(face => [face.id, face] as const))('%s describes each of its tags', async (_, face) => {
    const { tags } = await documentOf(face)
    expect(tags.length).toBeGreaterThan(2)
    expect(tags.filter(({ description }) => !description)).toEqual([])
    expect(tags.map(({ name }) => name).sort()).toEqual(Object.keys(face.tags).sort())
  })

  const withoutCodes = dialects.filter(({ meanings }) => meanings)
  test.each(withoutCodes.map(face => [face.id, face] as const))('%s speaks of no codes of ours', async (_, face) => {
    const text = JSON.stringify(await documentOf(face))
    for (const code of Object.keys(errorTable)) expect(text).not.toContain(code)
    expect(text).not.toContain('`details`')
  })

  test.each(faces.map(face => [face.id, face] as const))(
    '%s declares what stands before every handler',
    async (_, face) => {
      const { paths } = await documentOf(face)
      for (const [path, item] of Object.entries(paths))
        for (const [method, { responses, parameters }] of Object.entries(item)) {
          const statuses = Object.keys(responses).map(Number)
          const wanted = [400, 405, 421, 429, 500, 503, ...(method === 'get' ? [] : [413, 415])]
          expect([path, wanted.filter(status => !statuses.includes(status))]).toEqual([path, []])
          const headers = parameters.flatMap(({ $ref }) => ($ref ? [$ref.split('/').at(-1)] : []))
          expect([path, statuses.includes(412)]).toEqual([path, headers.includes('If-Match')])
          expect([path, statuses.includes(304)]).toEqual([path, headers.includes('If-None-Match')])
        }
    }
  )

  test('tells what the messages of a stream are', async () => {
    const fleetrun = dialects.find(({ id }) => id === 'fleetrun') ?? native
    const { content } = (await documentOf(fleetrun)).paths['/api/run']?.post?.responses[200] ?? {}
    expect(content).toMatchObject({
      'text/event-stream': { schema: { contentSchema: { $ref: '#/components/schemas/RunMessage' } } }
    })
  })
})

describe('an answer that its document does not allow', () => {
  const exchange = { method: 'GET', target: '/api/v1/epics', status: 200, type: 'application/json', allow: undefined }

  test.each([
    [{ ...exchange, body: '{"data":[]}' }, null],
    [{ ...exchange, body: '{"data":[{"id":1}]}' }, 'data'],
    [{ ...exchange, body: '{"data":[],"more":1}' }, 'additional'],
    [{ ...exchange, status: 418, body: '{}' }, 'status 418'],
    [{ ...exchange, type: 'text/plain', body: 'x' }, 'media type'],
    [{ ...exchange, target: '/api/v1/none', status: 404, body: '{"detail":"x"}' }, 'error'],
    [{ ...exchange, method: 'PUT', status: 405, body: '' }, 'Allow'],
    [{ ...exchange, target: '/api/v1/stream', type: 'text/event-stream', body: 'id: 1\ndata: {"no":1}\n\n' }, 'must']
  ])('is noticed: %j', (one, words) => {
    const fault = breach(native, one)
    if (words === null) expect(fault).toBeNull()
    else expect(fault).toContain(words)
  })
})

test('every answer is looked at, whoever asks', async () => {
  const seen: string[] = []
  const stop = watchWire((exchange, fault) => seen.push(`${exchange}: ${fault}`))
  await fetch(`${app.url}/api/v1/runs`)
  await app.request('GET', '/fleetrun/api/tasks')
  await app.request('PUT', '/agenfleet/api/agents', { body: {} })
  await expect
    .poll(() => seen.sort())
    .toEqual([
      'GET /api/v1/runs of native answered 401: null',
      'GET /fleetrun/api/tasks of fleetrun answered 200: null',
      'PUT /agenfleet/api/agents of agenfleet answered 405: null'
    ])
  stop()
})
