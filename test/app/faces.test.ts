import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { listAudit } from '#contract/audit/audit'
import type { Endpoint } from '#contract/endpoint'
import { changeAgent, getAgent } from '#contract/fleet/agents'
import { createKey } from '#contract/people/keys'
import { listRuns } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { getTask } from '#contract/work/tasks'
import { dialects } from '../../server/dialects/index.ts'
import { native } from '../../server/http/native/index.ts'
import { connectDialect, type DialectClient, type Thing } from '../kit/dialect-client.ts'
import { endpointsOfFaces } from '../kit/endpoints.ts'
import { findTool, needs } from '../kit/needs.ts'
import { addPerson, join as joinAs } from '../kit/people.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

/** What answers without a credential, and why. */
const open = [
  { path: /^\/healthz$/, why: 'tells whether it lives' },
  { path: /\/auth\/login$/, why: 'is how one gets a credential' },
  { path: /\/auth\/mfa\/verify$/, why: 'is the second step of it' },
  { path: /^\/api\/v1\/join$/, why: 'takes a code that works once, and guesses are counted' },
  { path: /^\/api\/v1\/webhooks\/:id$/, why: 'takes what is signed, and nothing else' }
]

const faces = [native, ...dialects]
const unlimited = faces.flatMap(face => face.limits.map(({ id }) => `${id}=0`)).join()
const walk = faces.flatMap(face =>
  (endpointsOfFaces[face.id] ?? []).map(endpoint => ({
    name: `${face.id} ${endpoint.method} ${endpoint.path}`,
    face,
    endpoint,
    path: face.prefix + endpoint.path.replace(':n', '1').replace(/:\w+/g, 'nothing')
  }))
)
const guarded = walk.filter(({ endpoint }) => endpoint.scope !== 'public')
const named = (list: typeof walk) => list.map(one => [one.name, one] as const)

let app: App
let runner: RunnerClient
const short: Record<string, string> = {}

beforeAll(async () => {
  app = await startApp({ args: ['--limits', unlimited] })
  runner = await connectRunner(app, { capacity: 100 })
  for (const scope of ['runner', 'read', 'write'] as const)
    short[scope] = (await app.call(createKey, { body: { name: scope, scopes: [scope] } })).key
})
afterAll(() => app.close())

describe('every endpoint of every face', () => {
  test('is walked here', () => {
    expect(faces.map(face => face.id).sort()).toEqual(Object.keys(endpointsOfFaces).sort())
    expect(walk.length).toBeGreaterThan(80)
  })

  test('wants a credential, but for a short list', () => {
    const free = walk.filter(({ endpoint }) => endpoint.scope === 'public')
    expect(free.filter(({ endpoint }) => !open.some(({ path }) => path.test(endpoint.path)))).toEqual([])
  })

  test.each(named(guarded))('%s answers 401 in its shape without a credential or with a wrong one', async (_, one) => {
    for (const token of [null, 'nonsense', 'fr_live_0000', '']) {
      const answer = await app.request(one.endpoint.method, one.path, { token })
      expect([answer.status, one.face.errorBody.safeParse(answer.body).success]).toEqual([401, true])
    }
  })

  test.each(named(guarded))('%s answers 403 in its shape beyond the scope', async (_, { face, endpoint, path }) => {
    const tooShort = { public: '', read: 'runner', write: 'read', admin: 'write', runner: 'write', self: 'runner' }[
      endpoint.scope
    ]
    const answer = await app.request(endpoint.method, path, { token: short[tooShort] ?? null })
    expect([answer.status, face.errorBody.safeParse(answer.body).success]).toEqual([403, true])
  })

  const reading = walk.filter(({ endpoint }) => endpoint.method !== 'GET' && !endpoint.takes?.includes('raw'))
  test.each(named(reading))(
    '%s answers 400 in its shape to broken JSON, 415 to what does not say that it is JSON',
    async (_, { face, endpoint, path }) => {
      const answer = await app.request(endpoint.method, path, { body: '{"a":' })
      expect([answer.status, face.errorBody.safeParse(answer.body).success]).toEqual([400, true])
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const form = await app.request(endpoint.method, path, { body: 'a=b', headers })
      expect([form.status, face.errorBody.safeParse(form.body).success]).toEqual([415, true])
    }
  )

  const strict = walk.flatMap(one => wrongQueries(one.endpoint).map(query => ({ ...one, query })))
  test.each(strict.map(one => [`${one.name}?${one.query}`, one] as const))(
    '%s answers 400 and names the parameter',
    async (_, { face, path, endpoint, query }) => {
      const answer = await app.request(endpoint.method, `${path}?${query}`)
      expect([answer.status, face.errorBody.safeParse(answer.body).success]).toEqual([400, true])
      expect(answer.text).toContain(`${query.split('=')[0]}:`)
    }
  )

  test.each(named(walk))('%s says with 405 what its path takes', async (_, { face, path }) => {
    const taken = walk.filter(one => one.path === path).map(({ endpoint }) => endpoint.method)
    const method = (['PUT', 'PATCH', 'DELETE', 'POST'] as const).find(one => !taken.includes(one)) ?? ''
    const answer = await app.request(method, path)
    expect([answer.status, face.errorBody.safeParse(answer.body).success]).toEqual([405, true])
    for (const one of taken) expect(answer.headers.get('allow')).toContain(one)
  })
})

/** A value that the schema of a parameter cannot take, for each that is no free text. */
function wrongQueries(endpoint: Endpoint): string[] {
  const schema = z.toJSONSchema(endpoint.query, { io: 'input', unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {})
    .filter(([, property]) => {
      const { type, enum: choices } = property as { type?: string; enum?: unknown }
      return type === 'integer' || type === 'number' || choices !== undefined
    })
    .map(([name]) => `${name}=%F0%9F%90%A2`)
}

describe.each(faces.map(face => [face.id, face] as const))('the face %s', (_, face) => {
  test('answers 404 in its shape to an unknown path, with and without a credential', async () => {
    for (const token of [null, app.ownerToken]) {
      const answer = await app.request('GET', `${face.prefix}/api/nothing`, { token })
      expect([answer.status, face.errorBody.safeParse(answer.body).success]).toEqual([404, true])
    }
  })

  test('refuses a page of another site and a foreign name in its shape', async () => {
    const answer = await app.request('GET', `${face.prefix}/api/v1/agents`, {
      headers: { 'sec-fetch-site': 'cross-site' }
    })
    expect([answer.status, face.errorBody.safeParse(answer.body).success]).toEqual([403, true])
  })

  test('has a valid OpenAPI document with exactly its endpoints', async () => {
    const answer = await app.request('GET', `${face.prefix}/openapi.json`, { token: null })
    expect(await new Validator().validate(answer.body as Record<string, unknown>)).toEqual({ valid: true })
    const { paths, servers } = answer.body as {
      paths: Record<string, Record<string, { operationId: string }>>
      servers: { url: string }[]
    }
    const described = Object.values(paths).flatMap(item => Object.values(item).map(({ operationId }) => operationId))
    expect(described.sort()).toEqual(endpointsOfFaces[face.id]?.map(({ id }) => id).sort())
    expect(servers).toEqual([{ url: app.url + face.prefix + (face.base ?? '') }])
  })

  test('is listed by the system', async () => {
    const { faces: listed } = await app.call(getSystem)
    const baseUrl = app.url + (face.prefix || '/api/v1')
    expect(listed).toContainEqual(expect.objectContaining({ id: face.id, title: face.title, baseUrl }))
  })
})

describe('the README of a dialect', () => {
  const root = join(import.meta.dirname, '../..')
  const table = (id: string) => {
    const readme = readFileSync(join(root, 'server/dialects', id, 'README.md'), 'utf8')
    const [, , ...lines] = readme.slice(readme.indexOf('| document | test |')).split('\n')
    return lines.filter(line => line.startsWith('|')).map(line => line.split('|').at(-2) ?? '')
  }

  test.each(dialects.map(({ id }) => id))('of %s names for every line of its document tests that are there', id => {
    const folders = [join(root, 'server/dialects', id), join(root, 'server/http'), import.meta.dirname]
    const files = folders.flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
    )
    const code = files.filter(file => file.endsWith('.test.ts')).map(file => readFileSync(file, 'utf8'))
    const lines = table(id)
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) {
      const names = [...line.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
      expect(names, line).not.toEqual([])
      for (const name of names)
        expect(
          code.some(text => text.includes(`'${name}'`)),
          name
        ).toBe(true)
    }
  })
})

describe('the root', () => {
  const get = (path: string, token: string | null) => app.request('GET', path, { token })
  const keyOf = async (style: string) => (await app.call(createKey, { body: { name: style, style } })).key

  test('answers by the style of the key', async () => {
    const agents = await get('/api/agents', await keyOf('fleetrun'))
    expect([agents.status, Array.isArray(agents.body)]).toEqual([200, true])
    for (const style of ['fleetrun', 'flotilla'])
      expect((await get('/api/v1/agents', await keyOf(style))).body).toHaveProperty('pagination')
  })

  test('answers a native credential by the first face that has the path', async () => {
    expect((await get('/api/tasks', app.ownerToken)).body).toBeInstanceOf(Array)
    expect((await get('/api/v1/tasks', app.ownerToken)).body).toHaveProperty('pagination')
  })

  test('answers 401 in the shape of the first face that has the path', async () => {
    for (const token of [null, 'nonsense']) {
      expect(await get('/api/tasks', token)).toMatchObject({ status: 401, body: { error: expect.any(String) } })
      expect(await get('/api/v1/tasks', token)).toMatchObject({
        status: 401,
        body: { error: { code: 'UNAUTHORIZED' } }
      })
    }
  })

  test('answers 404 where no face has the path: that of the key, else the native one', async () => {
    expect(await get('/api/nothing', await keyOf('fleetrun'))).toMatchObject({
      status: 404,
      body: { error: /nothing/ }
    })
    expect(await get('/api/nothing', null)).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
  })

  test('leaves a prefix its meaning whatever the key', async () => {
    expect((await get('/fleetrun/api/tasks', await keyOf('agentfleet'))).body).toBeInstanceOf(Array)
  })
})

describe('the same things through all faces', () => {
  let client: DialectClient

  beforeAll(async () => {
    client = await connectDialect(app, '/fleetrun', 'fleetrun')
  })

  test('an agent, its task and its run are seen, edited and run through native and fleetrun', async () => {
    const wish = { name: 'Everywhere', role: 'x', model: 'claude-sonnet-4-5', provider: 'anthropic', glyph: '🐙' }
    const theirs = (await client.call('POST', '/api/agents', wish)).body
    const ours = await app.call(getAgent, { params: { id: 'everywhere' } })
    expect(ours).toMatchObject({ id: theirs.id, role: 'x', provider: 'anthropic', glyph: '🐙', status: 'idle' })
    await app.call(changeAgent, { params: { id: ours.id }, body: { role: 'You answer.', team: 'Support' } })
    expect((await client.call('GET', '/api/agents/everywhere')).body).toMatchObject({
      role: 'You answer.',
      team: 'Support'
    })
    const task = { title: 'Refund', input: 'Refund order 42', assignee: ours.slug }
    const { id: taskId } = (await client.call('POST', '/api/tasks', task)).body
    expect(await app.call(getTask, { params: { id: taskId } })).toMatchObject({
      assigneeId: ours.id,
      status: 'pending'
    })
    const stream = client.stream('/api/run', { taskId })
    const [assignment] = await runner.claim(1, 10)
    if (!assignment) throw new Error('nothing to claim')
    const { data } = await app.call(listRuns, { query: { taskId } })
    expect(data).toMatchObject([{ id: assignment.runId, agentId: ours.id, input: 'Refund order 42', trigger: 'task' }])
    await runner.finish(assignment, 'SUCCEEDED', { result: 'Refunded.' })
    expect((await stream).map(frame => JSON.parse(frame.data))).toEqual([{ type: 'output', text: 'Refunded.' }])
    expect(await app.call(getTask, { params: { id: taskId } })).toMatchObject({ status: 'done', output: 'Refunded.' })
  })

  test.each(['/fleetrun', ''])(
    'what a dialect changes under "%s" is written down with who did it and where',
    async prefix => {
      const wish = { name: `Audited${prefix}`, role: 'x', model: 'x', provider: 'openai', glyph: '🤖' }
      const made = await app.request('POST', `${prefix}/api/agents`, { body: wish, token: client.token })
      const { data } = await app.call(listAudit, { query: { agentId: (made.body as Thing).id } })
      expect(data).toMatchObject([
        {
          action: 'agent.created',
          actor: { kind: 'key', name: 'fleetrun', via: 'POST /fleetrun/api/agents' },
          outcome: 'ok'
        }
      ])
    }
  )

  test('an agent is seen, edited and run through native, agenfleet and fleetrun', async () => {
    const person = await joinAs(app, 'admin')
    const agenfleet = async (method: string, path: string, body?: unknown) =>
      (
        await app.request(method, `/agenfleet${path}`, {
          token: person.token,
          ...(body === undefined ? {} : { body })
        })
      ).body as Thing
    const config = { model: { default: 'claude-sonnet-4-5' } }
    const { id } = await agenfleet('POST', '/api/agents', { name: 'Three faces', role: 'x', config })
    expect(await app.call(getAgent, { params: { id } })).toMatchObject({ model: 'claude-sonnet-4-5', role: 'x' })
    expect((await client.call('PATCH', `/api/agents/${id}`, { role: 'You answer.' })).body).toMatchObject({
      role: 'You answer.'
    })
    await app.call(changeAgent, { params: { id }, body: { description: 'Answers.' } })
    expect(await agenfleet('GET', '/api/agents/three-faces')).toMatchObject({ id, role: 'You answer.' })
    const task = { title: 'Refund', input: 'Refund order 43', assignee: id }
    const { id: taskId } = (await client.call('POST', '/api/tasks', task)).body
    const stream = client.stream('/api/run', { taskId })
    const [assignment] = await runner.claim(1, 10)
    if (!assignment) throw new Error('nothing to claim')
    await runner.send(assignment, {
      type: 'facts',
      facts: { usage: { inputTokens: 7, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 } }
    })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'Refunded.' })
    await stream
    expect(await agenfleet('GET', `/api/agents/${id}`)).toMatchObject({
      description: 'Answers.',
      status: 'online',
      tokensTodayInput: 7,
      tokensTodayOutput: 5
    })
  })

  needs('curl').each(['/agenfleet', ''])(
    'a client of the AgenFleet document works after changing its base URL to "%s"',
    async prefix => {
      const { email, password } = await addPerson(app, 'admin')
      const base = app.url + prefix
      const json = ['-H', 'Content-Type: application/json']
      const curl = async (...args: string[]) =>
        JSON.parse((await promisify(execFile)(findTool('curl') ?? 'curl', ['-sSf', ...args])).stdout)
      const login = await curl(...json, '-d', JSON.stringify({ email, password }), `${base}/api/auth/login`)
      expect(login).toMatchObject({ token: expect.any(String), user: { email, role: 'admin' } })
      const header = ['-H', `Authorization: Bearer ${login.token}`]
      const wish = { name: `Nova${prefix}`, role: 'Research Analyst' }
      const made = await curl(...json, ...header, '-d', JSON.stringify(wish), `${base}/api/agents`)
      expect(made).toMatchObject({ name: wish.name, status: 'online', createdAt: expect.any(String) })
      const list = await curl(...header, `${base}/api/agents?limit=20&offset=0`)
      expect(list.pagination).toMatchObject({ limit: 20, offset: 0 })
      expect(list.data[0]).toEqual(made)
    }
  )

  needs('curl').each(['/fleetrun', ''])(
    'a client of the Fleetrun document works after changing its base URL to "%s" and its token',
    async prefix => {
      const header = `Authorization: Bearer ${client.token}`
      const curl = async (...args: string[]) =>
        (await promisify(execFile)(findTool('curl') ?? 'curl', ['-sSf', '-H', header, ...args])).stdout
      const base = app.url + prefix
      const json = ['-H', 'Content-Type: application/json']
      const wish = { name: `Curl${prefix}`, role: 'x', model: 'claude-sonnet-4-5', provider: 'anthropic', glyph: '🌀' }
      const agent = JSON.parse(await curl(...json, '-d', JSON.stringify(wish), `${base}/api/agents`)) as Thing
      const task = { title: 'Refund', input: 'Refund order 42', assignee: agent.id }
      const { id } = JSON.parse(await curl(...json, '-d', JSON.stringify(task), `${base}/api/tasks`)) as Thing
      const stream = curl('-N', ...json, '-d', JSON.stringify({ taskId: id }), `${base}/api/run`)
      const [assignment] = await runner.claim(1, 10)
      if (!assignment) throw new Error('nothing to claim')
      await runner.finish(assignment, 'SUCCEEDED', { result: 'Refunded.' })
      expect(await stream).toBe('data: {"type":"output","text":"Refunded."}\n\n')
      const done = await curl('-G', '-d', `assignee=${agent.id}`, '-d', 'status=done', `${base}/api/tasks`)
      expect(JSON.parse(done)).toMatchObject([{ id, output: 'Refunded.' }])
      expect(JSON.parse(await curl('-X', 'DELETE', `${base}/api/agents/${agent.id}`))).toEqual({ ok: true })
    }
  )
})
