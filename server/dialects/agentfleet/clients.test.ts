import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, deleteKey, listKeys } from '#contract/people/keys'
import { getRun } from '#contract/runs/runs'
import { testClock } from '../../../test/kit/clock.ts'
import { connectDialect, type DialectClient, type Thing } from '../../../test/kit/dialect-client.ts'
import { needs } from '../../../test/kit/needs.ts'
import { join } from '../../../test/kit/people.ts'
import { connectRunner, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'

const clock = testClock()
let app: App
let client: DialectClient
let runner: RunnerClient

const code = 'C:\\Users\\you\\code'
const example = { prompt: 'add a health check route', cwd: `${code}\\api`, permissionMode: 'acceptEdits' }

beforeAll(async () => {
  app = await startApp({ clock })
  client = await connectDialect(app, '/agentfleet', 'agentfleet')
  runner = await connectRunner(app, { name: 'home-desktop', platform: 'win32', allowedDirs: [code], capacity: 100 })
})
afterAll(() => app.close())

const call: DialectClient['call'] = (...parts) => client.call(...parts)
const says = (code: string, words: string) => ({
  error: expect.objectContaining({ code, message: expect.stringMatching(words) })
})
const launch = async () => (await call('POST', '/api/v1/runs', example)).body

async function end(id: string): Promise<void> {
  const assignment = await runner.take(id)
  await runner.send(assignment, { type: 'facts', facts: { sessionId: `session of ${id}` } })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done' })
}

describe('errors', () => {
  test.each([
    ['no key', null],
    ['a key that nobody made', 'af_live_AbC123']
  ])('%s is answered as in the document, with the prefix and at the root', async (_, token) => {
    for (const path of ['/agentfleet/api/v1/runners', '/api/v1/runners']) {
      const { status, body } = await app.request('GET', path, { token })
      expect([status, body]).toEqual([401, { error: { code: 'UNAUTHORIZED', message: 'Authentication required' } }])
    }
  })

  test('beyond its scopes a key is 403', async () => {
    const body = { name: 'reader', style: 'agentfleet', scopes: ['read'] }
    const { key: token } = await app.call(createKey, { body })
    const answer = await app.request('POST', '/agentfleet/api/v1/runs', { token, body: example })
    expect([answer.status, answer.body]).toEqual([403, says('FORBIDDEN', 'scope')])
    expect((await app.request('GET', '/agentfleet/api/v1/runners', { token })).status).toBe(200)
  })

  test('an unknown path is 404, a wrong method 405, no JSON 400, too much 413, all in the one shape', async () => {
    expect(await call('GET', '/api/v1/nothing')).toEqual({ status: 404, body: says('NOT_FOUND', 'nothing at') })
    expect(await call('GET', '/api/v1/runs')).toEqual({ status: 405, body: says('METHOD_NOT_ALLOWED', 'POST') })
    expect(await call('POST', '/api/v1/runs', '{"prompt":')).toEqual({
      status: 400,
      body: says('MALFORMED_JSON', 'not JSON')
    })
    expect(await call('POST', '/api/v1/runs', { ...example, prompt: 'x'.repeat(11 << 20) })).toEqual({
      status: 413,
      body: says('TOO_LARGE', '10 MiB')
    })
  })
})

describe('a key', () => {
  test('looks like that of the document, is shown once, and reads, writes and lets runners in', async () => {
    const { key, id, scopes } = await app.call(createKey, { body: { name: 'laptop', style: 'agentfleet' } })
    expect([key, scopes]).toEqual([expect.stringMatching(/^af_live_\w{32,}$/), ['read', 'write', 'runner']])
    const listed = (await app.call(listKeys)).data.find(one => one.id === id)
    expect(listed).toMatchObject({ name: 'laptop' })
    expect(JSON.stringify(listed)).not.toContain(key)
    const get = () => app.request('GET', '/agentfleet/api/v1/runners', { token: key })
    expect((await get()).status).toBe(200)
    await app.call(deleteKey, { params: { id } })
    expect((await get()).status).toBe(401)
  })

  test('leads to this face at the root, where all it has keeps its path', async () => {
    const get = async (path: string) => await app.request('GET', path, { token: client.token })
    const run = await launch()
    for (const path of [
      '/api/v1/runners',
      `/api/v1/runners/${runner.runnerId}`,
      `/api/v1/runs/${run.id}/events?after=0`
    ])
      expect((await get(path)).body).toEqual((await get(`/agentfleet${path}`)).body)
    expect((await get(`/api/v1/runs/${run.id}`)).body).toHaveProperty('logs')
    expect((await get('/api/v1/agents')).status).toBe(404)
  })

  test('takes 600 requests a minute, each key for itself, and says when there are more', async () => {
    const { key: token } = await app.call(createKey, { body: { name: 'busy', style: 'agentfleet' } })
    const get = () => app.request('GET', '/agentfleet/api/v1/runners', { token })
    const statuses = new Set<number>()
    for (let n = 0; n < 600; n++) statuses.add((await get()).status)
    expect([...statuses]).toEqual([200])
    const refused = await get()
    expect([refused.status, refused.body]).toEqual([429, says('RATE_LIMITED', '600 requests in a minute')])
    expect((await call('GET', '/api/v1/runners')).status).toBe(200)
    clock.advance(Number(refused.headers.get('retry-after')) * 1000)
    expect((await get()).status).toBe(200)
    await runner.commands()
  })
})

describe('a request that is sent again', () => {
  test('under its Idempotency-Key launches no second session, and no second follow-up', async () => {
    const send = async (path: string, body: object, key: string) => {
      const headers = { 'idempotency-key': key }
      return await app.request('POST', `/agentfleet/api/v1/runs${path}`, { token: client.token, body, headers })
    }
    const first = await send('', example, 'launch')
    const again = await send('', example, 'launch')
    expect([again.status, again.text]).toEqual([201, first.text])
    expect((await send('', { ...example, prompt: 'other' }, 'launch')).body).toEqual(
      says('IDEMPOTENCY_MISMATCH', 'new')
    )
    const { id } = first.body as Thing
    await end(id)
    const child = await send(`/${id}/followup`, { prompt: 'next' }, 'follow')
    expect((await send(`/${id}/followup`, { prompt: 'next' }, 'follow')).text).toBe(child.text)
  })

  test('is told that nothing changed, by the ETag of a session with its logs', async () => {
    const { id } = await launch()
    const get = async (headers: Record<string, string> = {}) =>
      await app.request('GET', `/agentfleet/api/v1/runs/${id}`, { token: client.token, headers })
    const etag = (await get()).headers.get('etag') ?? ''
    expect((await get({ 'if-none-match': etag })).status).toBe(304)
    await end(id)
    const changed = await get({ 'if-none-match': etag })
    expect([changed.status, changed.body]).toMatchObject([200, { status: 'SUCCEEDED' }])
    const follow = async (tag: string) => {
      const parts = { token: client.token, body: { prompt: 'x' }, headers: { 'if-match': tag } }
      return (await app.request('POST', `/agentfleet/api/v1/runs/${id}/followup`, parts)).status
    }
    expect(await follow(etag)).toBe(412)
    expect(await follow(changed.headers.get('etag') ?? '')).toBe(201)
  })
})

test('a client that leaves while it reads long logs is no fault of ours', async () => {
  const { id } = await launch()
  const assignment = await runner.take(id)
  const long = { type: 'event', kind: 'assistant', message: 'x'.repeat(900_000), data: {} } as const
  for (let n = 0; n < 30; n++) await runner.send(assignment, long)
  const headers = { authorization: `Bearer ${client.token}` }
  const leaving = new AbortController()
  const answer = await fetch(`${app.url}/agentfleet/api/v1/runs/${id}`, { headers, signal: leaving.signal })
  expect((await answer.body?.getReader().read())?.done).toBe(false)
  leaving.abort()
  await runner.finish(assignment, 'SUCCEEDED')
  const { body } = await call<{ logs: Thing[] }>('GET', `/api/v1/runs/${id}`)
  expect(body.logs).toHaveLength(32)
  const log = readFileSync(`${app.dataDir}/logs/control-plane.log`, 'utf8')
  expect(log).not.toContain('request failed')
})

describe('a token sees what its person sees', () => {
  const as =
    (token: string) =>
    async <Body = Thing>(method: string, path: string, body?: unknown) => {
      const parts = { token, ...(body === undefined ? {} : { body }) }
      const answer = await app.request(method, `/agentfleet/api/v1${path}`, parts)
      return { status: answer.status, body: answer.body as Body }
    }

  test('a member its own sessions, also among those of a runner; an admin all of them', async () => {
    const [member, other, admin] = await Promise.all(
      (['member', 'member', 'admin'] as const).map(async role => as((await join(app, role)).token))
    )
    if (!member || !other || !admin) throw new Error('nobody joined')
    const { id } = (await member('POST', '/runs', { ...example, runnerId: runner.runnerId })).body
    for (const [who, sees] of [
      [member, true],
      [admin, true],
      [other, false]
    ] as const) {
      for (const path of ['', '/events']) expect((await who('GET', `/runs/${id}${path}`)).status).toBe(sees ? 200 : 404)
      const { sessions } = (await who<{ sessions: Thing[] }>('GET', `/runners/${runner.runnerId}`)).body
      expect(sessions.some(session => session.id === id)).toBe(sees)
    }
    await end(id)
    expect((await other('POST', `/runs/${id}/followup`, { prompt: 'x' })).status).toBe(404)
    expect((await member('POST', `/runs/${id}/followup`, { prompt: 'x' })).status).toBe(201)
  })

  test('a viewer looks and changes nothing', async () => {
    const viewer = as((await join(app, 'viewer')).token)
    expect((await viewer('GET', '/runners')).status).toBe(200)
    expect((await viewer('POST', '/runs', example)).status).toBe(403)
  })
})

/** As the document prints them. */
const snippets = {
  launch: String.raw`curl -X POST https://your-host/api/v1/runs \
  -H "Authorization: Bearer af_live_..." \
  -H "Content-Type: application/json" \
  -d '{"prompt":"add a health check route","cwd":"C:\\Users\\you\\code\\api","permissionMode":"acceptEdits"}'`,
  tail: String.raw`curl "https://your-host/api/v1/runs/clr.../events?after=0" \
  -H "Authorization: Bearer af_live_..."`,
  followUp: String.raw`curl -X POST https://your-host/api/v1/runs/clr.../followup \
  -H "Authorization: Bearer af_live_..." \
  -H "Content-Type: application/json" \
  -d '{"prompt":"now add a test for it"}'`
}

needs('curl').each(['/agentfleet', ''])(
  'the commands of the AgentFleet document work after changing their host to "%s" and their key',
  async prefix => {
    const sh = async (snippet: string, id = '') => {
      const command = snippet
        .replaceAll('https://your-host', app.url + prefix)
        .replaceAll('af_live_...', client.token)
        .replaceAll('clr...', id)
      return JSON.parse((await promisify(execFile)('sh', ['-c', command])).stdout)
    }
    const run = await sh(snippets.launch)
    expect(run).toMatchObject({ id: expect.any(String), status: 'QUEUED', input: example.prompt, cwd: example.cwd })
    expect((await app.call(getRun, { params: { id: run.id } })).permissionMode).toBe('acceptEdits')
    await end(run.id)
    expect((await sh(snippets.tail, run.id)).data).toMatchObject([
      { seq: 1, kind: 'user', message: example.prompt },
      { seq: 2, kind: 'result' }
    ])
    expect(await sh(snippets.followUp, run.id)).toMatchObject({
      id: expect.any(String),
      status: 'QUEUED',
      parentRunId: run.id
    })
  }
)
