import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createKey, deleteKey, listKeys } from '#contract/people/keys'
import { getRun, listRuns } from '#contract/runs/runs'
import { createFlow } from '#contract/work/flows'
import { testClock } from '../../../test/kit/clock.ts'
import {
  connectDialect,
  type DialectClient,
  isoTime,
  says,
  type Thing,
  uuid
} from '../../../test/kit/dialect-client.ts'
import { findTool, needs } from '../../../test/kit/needs.ts'
import { join } from '../../../test/kit/people.ts'
import { connectRunner, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'
import { fleece } from './index.ts'

const clock = testClock()
let app: App
let client: DialectClient
let runner: RunnerClient
let agentId: string
let flowId: string

beforeAll(async () => {
  app = await startApp({ clock, args: ['--limits', 'fleece=60,fleece-day=100'] })
  client = await connectDialect(app, '/fleece', 'fleece')
  runner = await connectRunner(app, { capacity: 100 })
  agentId = (await app.call(createAgent, { body: { name: 'Triager', runtime: 'claude-code' } })).id
  flowId = (await app.call(createFlow, { body: { title: 'Sweep', prompt: 'sweep it', agentId } })).id
})
afterAll(() => app.close())
beforeEach(() => clock.set(60_000))

const call: DialectClient['call'] = (...parts) => client.call(...parts)
const as =
  (token: string | null, prefix = '/fleece/api/v1') =>
  async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(method, prefix + path, { token, ...(body === undefined ? {} : { body }) })
    return { status: answer.status, body: answer.body }
  }

describe('keys', () => {
  test('are made, shown once, listed as a bare array and revoked', async () => {
    const made = await call('POST', '/api/v1/keys', { name: 'My Production Key' })
    expect(made).toEqual({
      status: 200,
      body: {
        id: uuid,
        name: 'My Production Key',
        key: expect.stringMatching(/^flc_[0-9a-f]{48}$/),
        keyPrefix: expect.stringMatching(/^flc_[0-9a-f]{8}$/),
        createdAt: isoTime
      }
    })
    const { key, ...shown } = made.body
    const [, listed] = [await as(String(key))('GET', '/agents'), (await call<Thing[]>('GET', '/api/v1/keys')).body]
    expect(listed).toContainEqual({ ...shown, isActive: true, lastUsedAt: isoTime, expiresAt: null })
    expect(JSON.stringify(listed)).not.toContain(key)
    expect(await call('DELETE', `/api/v1/keys/${made.body.id}`)).toEqual({ status: 200, body: { success: true } })
    expect(await as(String(key))('GET', '/agents')).toEqual({ status: 401, body: { error: 'Unauthorized' } })
    expect(await call('DELETE', `/api/v1/keys/${made.body.id}`)).toEqual({ status: 404, body: { error: 'Not found' } })
    expect(await call('POST', '/api/v1/keys', {})).toEqual({ status: 400, body: { error: 'name is required' } })
  })

  test('live no longer, and reach no further, than the one that they are made with', async () => {
    const expiresAt = new Date(clock.now() + 600_000).toISOString()
    const body = { name: 'short', style: 'fleece', scopes: ['write'], expiresAt }
    const short = await app.call(createKey, { body })
    const made = (await as(short.key)('POST', '/keys', { name: 'longer' })).body as Thing
    const { data } = await app.call(listKeys)
    const ours = data.find(({ id }) => id === made.id)
    expect(ours).toMatchObject({ expiresAt, style: 'fleece', scopes: ['read', 'write'] })
    const reading = await app.call(createKey, { body: { name: 'reads', style: 'fleece', scopes: ['read'] } })
    expect(await as(reading.key)('POST', '/keys', { name: 'writes' })).toMatchObject({
      status: 403,
      body: says('write')
    })
    const other = await app.call(createKey, { body: { name: 'other kind', scopes: ['write'] } })
    for (const [method, path] of [['POST', '/keys'] as const, ['DELETE', `/keys/${made.id}`] as const])
      expect(await as(other.key)(method, path, { name: 'x' })).toMatchObject({
        status: 403,
        body: says('of this kind')
      })
    for (const id of [short.id, made.id, reading.id]) await app.call(deleteKey, { params: { id } })
  })

  test('are 25 at most; one more is 403 and says to upgrade', async () => {
    const write = as(client.token)
    const ids: string[] = []
    let answer = await write('POST', '/keys', { name: 'one more' })
    while (answer.status === 200) {
      ids.push((answer.body as Thing).id)
      answer = await write('POST', '/keys', { name: 'one more' })
    }
    expect(answer).toEqual({ status: 403, body: { ...says('25 keys'), upgrade: true } })
    expect((await call<Thing[]>('GET', '/api/v1/keys')).body).toHaveLength(25)
    for (const id of ids) await app.call(deleteKey, { params: { id } })
  })

  test('of others are neither shown nor revoked, by an admin neither', async () => {
    const member = await join(app, 'member')
    const theirs = (await as(member.token)('POST', '/keys', { name: 'theirs' })).body as Thing
    expect((await call<Thing[]>('GET', '/api/v1/keys')).body.map(({ id }) => id)).not.toContain(theirs.id)
    expect((await call('DELETE', `/api/v1/keys/${theirs.id}`)).status).toBe(404)
    expect((await as(member.token)('GET', '/keys')).body).toMatchObject([{ id: theirs.id, name: 'theirs' }])
    const others = await app.call(createKey, { body: { name: 'fleetrun', style: 'fleetrun' } })
    expect((await call('DELETE', `/api/v1/keys/${others.id}`)).status).toBe(404)
    await app.call(deleteKey, { params: { id: theirs.id } })
  })
})

describe('limits', () => {
  test('of a plan hold for each key: every answer says how much is left, and one too many when to come back', async () => {
    const { id, key: token } = await app.call(createKey, { body: { name: 'busy', style: 'fleece' } })
    const get = () => app.request('GET', '/fleece/api/v1/agents', { token })
    const told = ({ headers }: Awaited<ReturnType<typeof get>>) =>
      ['limit', 'remaining', 'reset'].map(name => Number(headers.get(`x-ratelimit-${name}`)))
    const inSeconds = (seconds: number) => Math.ceil(clock.now() / 1000 + seconds)
    expect(told(await get())).toEqual([60, 59, inSeconds(60)])
    const statuses = new Set<number>()
    for (let n = 1; n < 60; n++) statuses.add((await get()).status)
    const burst = await get()
    expect([...statuses, burst.status, burst.body]).toEqual([200, 429, { error: 'Rate limit exceeded' }])
    const wait = Number(burst.headers.get('retry-after'))
    expect(told(burst)).toEqual([60, 0, inSeconds(wait)])
    clock.set(2 * 60_000)
    for (let n = 60; n < 100; n++) expect((await get()).status).toBe(200)
    const day = await get()
    expect([day.status, told(day)]).toEqual([429, [100, 0, inSeconds(Number(day.headers.get('retry-after')))]])
    expect(Number(day.headers.get('retry-after'))).toBeGreaterThan(80_000)
    expect((await call('GET', '/api/v1/agents')).status).toBe(200)
    await app.call(deleteKey, { params: { id } })
  })
})

describe('the document of this API', () => {
  interface Document {
    servers: { url: string }[]
    paths: Record<string, Record<string, { operationId: string; requestBody?: unknown }>>
    components: { securitySchemes: object }
  }

  test('lies at all its places, names its base once, and its operations as the product does', async () => {
    const [first, ...others] = await Promise.all(
      ['/fleece/openapi.json', '/fleece/api/v1/openapi.json', '/api/v1/openapi.json'].map(
        async path => (await app.request('GET', path, { token: null })).body as Document
      )
    )
    for (const other of others) expect(other).toEqual(first)
    expect(first).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: `${app.url}/fleece/api/v1` }],
      components: { securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer' } } }
    })
    const operations = Object.entries(first?.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => `${operationId}: ${method} ${path}`)
    )
    expect(operations).toEqual([
      'listAgents: get /agents',
      'getAgent: get /agents/{agentId}',
      'executeAgent: post /agents/{agentId}/execute',
      'listFlows: get /flows',
      'getFlow: get /flows/{flowId}',
      'triggerFlow: post /flows/{flowId}/trigger',
      'listFlowRuns: get /flows/{flowId}/runs',
      'getFlowRun: get /flows/{flowId}/runs/{runId}',
      'approveFlowRun: post /flows/{flowId}/runs/{runId}/approve',
      'skipFlowRun: post /flows/{flowId}/runs/{runId}/skip',
      'listApiKeys: get /keys',
      'createApiKey: post /keys',
      'deleteApiKey: delete /keys/{keyId}'
    ])
    const properties = { task: { type: 'string' }, timezone: { type: 'string' } }
    expect(first?.paths['/agents/{agentId}/execute']?.post?.requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { properties, required: ['task'] } } }
    })
  })

  test('leads at the root, where a key of this kind comes with the paths that it has here', async () => {
    const root = as(client.token, '/api/v1')
    for (const path of ['/agents', `/agents/${agentId}`, '/flows', `/flows/${flowId}/runs`, '/keys'])
      expect(await root('GET', path)).toEqual(await as(client.token)('GET', path))
    expect(await root('GET', '/runs')).toEqual({ status: 404, body: { error: 'Not found' } })
    expect(await as('flc_0', '/api/v1')('GET', '/flows')).toEqual({ status: 401, body: { error: 'Unauthorized' } })
  })
})

describe('a token sees what its person sees', () => {
  test('a member nothing of others; a viewer looks and changes nothing', async () => {
    const member = as((await join(app, 'member')).token)
    for (const path of [`/agents/${agentId}`, `/flows/${flowId}`, `/flows/${flowId}/runs`])
      expect((await member('GET', path)).status).toBe(404)
    expect((await member('GET', '/flows')).body).toEqual({ data: [], total: 0 })
    expect((await member('POST', `/flows/${flowId}/trigger`)).status).toBe(404)
    expect((await member('POST', `/agents/${agentId}/execute`, { task: 'x' })).status).toBe(404)
    const viewer = as((await join(app, 'viewer')).token)
    expect((await viewer('GET', '/agents')).status).toBe(200)
    for (const path of [`/flows/${flowId}/trigger`, `/agents/${agentId}/execute`, '/keys'])
      expect((await viewer('POST', path, { task: 'x', name: 'x' })).status).toBe(403)
  })
})

test('a fault of ours is told in its words, with the id that stands in the log', () => {
  const fault = { code: 'INTERNAL', status: 500, message: 'Something went wrong on our side', details: null } as const
  expect(fleece.renderError(fault, '7')).toEqual({ error: 'Internal server error (request 7)' })
  const stopping = { ...fault, code: 'SHUTTING_DOWN', status: 503, message: 'The control plane is stopping' } as const
  expect(fleece.renderError(stopping, '7')).toEqual({ error: 'The control plane is stopping (request 7)' })
})

/** As the document prints them, but for `.data`: its own schema has lists inside of an object. */
const snippets = {
  curl: String.raw`curl -s \
  -H "Authorization: Bearer flc_your_key_here" \
  https://fleeceai.app/api/v1/agents | jq .`,
  javascript: `const FLEECE_API_KEY = process.env.FLEECE_API_KEY;
const BASE_URL = "https://fleeceai.app/api/v1";

// List all agents
const agents = await fetch(\`\${BASE_URL}/agents\`, {
  headers: { Authorization: \`Bearer \${FLEECE_API_KEY}\` },
}).then(r => r.json()).then(list => list.data);

console.log(\`Found \${agents.length} agents\`);

// Execute an agent
const result = await fetch(\`\${BASE_URL}/agents/\${agents[0].id}/execute\`, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${FLEECE_API_KEY}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    message: "Summarize my latest emails",
  }),
}).then(r => r.json());

console.log(result);`,
  python: `import os
import requests

API_KEY = os.environ["FLEECE_API_KEY"]
BASE = "https://fleeceai.app/api/v1"
headers = {"Authorization": f"Bearer {API_KEY}"}

# List flows
flows = requests.get(f"{BASE}/flows", headers=headers).json()["data"]
print(f"Found {len(flows)} flows")

# Trigger a flow
run = requests.post(
    f"{BASE}/flows/{flows[0]['id']}/trigger",
    headers=headers,
).json()
print(f"Run created: {run['id']} — status: {run['status']}")`
}

const python = [findTool('python')].find(path => path && spawnSync(path, ['-c', 'import requests']).status === 0)
if (!python) console.log('Python with requests is not here: the snippet in it is not run.')

describe.each(['/fleece', ''])('the snippets of the Fleece document, after changing their host to "%s"', prefix => {
  const run = async (program: string, ...args: string[]) => {
    const mended = args.map(arg =>
      arg.replace('https://fleeceai.app', app.url + prefix).replace('flc_your_key_here', client.token)
    )
    const env = { ...process.env, FLEECE_API_KEY: client.token }
    return (await promisify(execFile)(program, mended, { env })).stdout
  }
  const claimed = async () => {
    const [assignment] = await runner.claim(1, 20)
    if (!assignment) throw new Error('nothing to claim')
    return assignment
  }

  needs('curl')('list agents by curl', async () => {
    // What jq makes of it is for people to read.
    const text = await run('sh', '-c', findTool('jq') ? snippets.curl : snippets.curl.replace(' | jq .', ''))
    expect(JSON.parse(text)).toMatchObject({ data: [{ id: agentId, name: 'Triager' }], total: 1 })
  })

  test('list and execute an agent by JavaScript', async () => {
    const said = run(process.execPath, '--input-type=module', '-e', snippets.javascript)
    const assignment = await claimed()
    expect(assignment.prompt).toBe('Summarize my latest emails')
    await runner.finish(assignment, 'SUCCEEDED', { result: 'Three are urgent.' })
    const text = await said
    for (const words of ['Found 1 agents', assignment.runId, "status: 'completed'", "result: 'Three are urgent.'"])
      expect(text).toContain(words)
  })

  if (python)
    test('list and trigger a flow by Python', async () => {
      const text = await run(python, '-c', snippets.python)
      const [, id = ''] = /^Found 1 flows\nRun created: (\S+) — status: approved\n$/.exec(text) ?? []
      const assignment = await claimed()
      expect(await app.call(getRun, { params: { id: assignment.runId } })).toMatchObject({ flowId, trigger: 'flow' })
      await runner.finish(assignment, 'SUCCEEDED', { result: 'swept' })
      const { body } = await call('GET', `/api/v1/flows/${flowId}/runs/${id}`)
      expect(body).toMatchObject({ status: 'completed', resultSummary: 'swept' })
      expect((await app.call(listRuns, { query: { flowId } })).data[0]?.id).toBe(assignment.runId)
    })
})
