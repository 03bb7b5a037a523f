import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#contract/errors'
import { createAgent, getAgent, listAgents } from '#contract/fleet/agents'
import { createKey } from '#contract/people/keys'
import { confirmMfa, enrolMfa, listSessions } from '#contract/people/login'
import { type AgenfleetClient, connectAgenfleet, type List, unlimited } from '../../../test/kit/agenfleet-client.ts'
import { testClock } from '../../../test/kit/clock.ts'
import { isoTime, says, uuid } from '../../../test/kit/dialect-client.ts'
import { addPerson, join } from '../../../test/kit/people.ts'
import { connectRunner, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'
import { work } from '../../../test/kit/work.ts'
import { agenfleet } from './index.ts'

const clock = testClock(Date.parse('2026-03-10T12:00:00Z'))
const usage = { inputTokens: 100_000, outputTokens: 20_000, cacheReadTokens: 0, cacheWriteTokens: 0 }

let app: App
let runner: RunnerClient
let client: AgenfleetClient

beforeAll(async () => {
  app = await startApp({ clock, args: ['--limits', unlimited] })
  runner = await connectRunner(app, { capacity: 10 })
  client = await connectAgenfleet(app)
}, 60_000)
afterAll(() => app.close())

const call: AgenfleetClient['call'] = (...parts) => client.call(...parts)
const list: AgenfleetClient['list'] = (...parts) => client.list(...parts)
const makeAgent: AgenfleetClient['makeAgent'] = more => client.makeAgent(more)

describe('authentication', () => {
  test('a login answers with a token and the user', async () => {
    const { email, password } = client.admin
    const answer = await call('POST', '/api/auth/login', { email, password }, null)
    expect(answer).toEqual({
      status: 200,
      body: { token: expect.stringMatching(/^eyJ/), user: { id: client.admin.id, email, role: 'admin' } }
    })
    const claims = JSON.parse(Buffer.from(String(answer.body.token).split('.')[1] ?? '', 'base64url').toString())
    expect([claims.face, claims.exp - claims.iat]).toEqual(['agenfleet', 12 * 3600])
    expect((await call('GET', '/api/agents', undefined, String(answer.body.token))).status).toBe(200)
  })

  test('a token stands in the list of sessions', async () => {
    const { data } = await app.call(listSessions, {}, client.token())
    expect(data.find(one => one.current)).toMatchObject({ kind: 'token', face: 'agenfleet', userId: client.admin.id })
  })

  test('an unknown email and a wrong password are told alike', async () => {
    const wrong = await call('POST', '/api/auth/login', { email: client.admin.email, password: 'wrong' }, null)
    const unknown = await call('POST', '/api/auth/login', { email: 'nobody@example.com', password: 'wrong' }, null)
    expect(wrong).toEqual({ status: 401, body: says('Email or password is wrong') })
    expect(unknown).toEqual(wrong)
  })

  test.each(['email', 'password'])('a login without %s is refused by that name', async field => {
    const body = { email: client.admin.email, password: client.admin.password, [field]: undefined }
    expect(await call('POST', '/api/auth/login', body, null)).toEqual({ status: 400, body: says(`^${field}:`) })
  })

  test('with MFA on a login gives a token for the code alone', async () => {
    const person = await join(app, 'member')
    const { secret } = await app.call(enrolMfa, {}, person.token)
    const code = () => generateSync({ secret, epoch: clock.now() / 1000 })
    await app.call(confirmMfa, { body: { code: code() } }, person.token)
    clock.advance(30_000)
    const { email, password } = person
    const first = await call<{ mfaToken: string }>('POST', '/api/auth/login', { email, password }, null)
    expect(first).toEqual({ status: 200, body: { mfaRequired: true, mfaToken: expect.any(String) } })
    const { mfaToken } = first.body
    expect(await call('POST', '/api/auth/mfa/verify', { mfaToken, code: '000' }, null)).toEqual({
      status: 401,
      body: says('code')
    })
    expect(await call('POST', '/api/auth/mfa/verify', { mfaToken, code: code() }, null)).toEqual({
      status: 200,
      body: { token: expect.stringMatching(/^eyJ/), user: { id: person.id, email, role: 'member' } }
    })
  })

  test('without a token or with a bad one it is 401', async () => {
    const [head, payload] = client.token().split('.')
    for (const bad of [null, 'nonsense', `${head}.${payload}.AAAA`])
      expect(await call('GET', '/api/agents', undefined, bad)).toEqual({ status: 401, body: says('.') })
  })

  test('any key of ours opens it', async () => {
    const { key } = await app.call(createKey, { body: { name: 'other', style: 'fleetrun' } })
    expect((await call('GET', '/api/agents', undefined, key)).status).toBe(200)
  })

  test('a viewer may look and do nothing else, a member sees no audit', async () => {
    const viewer = await client.logIn(await addPerson(app, 'viewer'))
    expect((await call('GET', '/api/agents', undefined, viewer)).status).toBe(200)
    expect(await call('POST', '/api/agents', { name: 'x' }, viewer)).toEqual({ status: 403, body: says('.') })
    const member = await client.logIn(await addPerson(app, 'member'))
    expect((await call('GET', '/api/audit', undefined, member)).status).toBe(403)
    expect((await call('PUT', '/api/billing/budget', { monthlyBudget: 5 }, member)).status).toBe(403)
  })

  test('the token goes to this face also at the root, as does the login', async () => {
    const { email, password } = client.admin
    const body = { email, password }
    const login = await app.request('POST', '/api/auth/login', { token: null, body })
    expect(login.body).toMatchObject({ token: expect.any(String), user: { email } })
    expect((await app.request('GET', '/api/agents', { token: client.token() })).body).toHaveProperty(
      'pagination.limit',
      20
    )
  })
})

describe('agents', () => {
  test('one needs a name only, and is answered with 201 and all its fields', async () => {
    const created = await call('POST', '/api/agents', { name: 'Nova', role: 'Research Analyst' })
    expect(created).toEqual({
      status: 201,
      body: {
        id: uuid,
        name: 'Nova',
        role: 'Research Analyst',
        description: '',
        status: 'online',
        model: null,
        createdAt: isoTime,
        lastActiveAt: null,
        tokensTodayInput: 0,
        tokensTodayOutput: 0,
        tools: { allowed: [] },
        limits: { dailyTokenBudget: null, monthlyTokenBudget: null, alertThreshold: 0.8 },
        config: {
          model: { default: null, fallbacks: [] },
          tools: { allowed: [] },
          limits: { dailyTokenBudget: null, monthlyTokenBudget: null, alertThreshold: 0.8 }
        }
      }
    })
    expect(await call('GET', `/api/agents/${created.body.id}`)).toEqual({ status: 200, body: created.body })
    expect(await call('GET', '/api/agents/nova')).toEqual({ status: 200, body: created.body })
    expect((await list()).data[0]).toEqual(created.body)
  })

  test('its config sets model, tools and limits', async () => {
    const config = {
      model: { default: 'gpt-5.2', fallbacks: ['gpt-5-mini'] },
      tools: { allowed: ['Read'] },
      limits: { dailyTokenBudget: 1000, monthlyTokenBudget: 20_000, alertThreshold: 0.5 }
    }
    const { id } = await makeAgent({ description: 'Reads.', config })
    const { limits, ...native } = await app.call(getAgent, { params: { id } })
    expect(limits).toEqual(config.limits)
    expect(native).toMatchObject({
      model: 'gpt-5.2',
      fallbackModels: ['gpt-5-mini'],
      allowedTools: ['Read'],
      description: 'Reads.'
    })
    expect((await call('GET', `/api/agents/${id}`)).body).toMatchObject({
      model: 'gpt-5.2',
      config,
      tools: config.tools,
      limits: config.limits
    })
  })

  test('a model that has a price tells the provider', async () => {
    const { id } = await makeAgent({ config: { model: { default: 'claude-haiku-4-5' } } })
    expect((await app.call(getAgent, { params: { id } })).provider).toBe('anthropic')
  })

  test('is changed field by field; limits that are not named stay', async () => {
    const { id } = await makeAgent({ role: 'Cook', config: { limits: { dailyTokenBudget: 10, alertThreshold: 0.5 } } })
    const body = { description: 'New.', unknown: 1, config: { limits: { monthlyTokenBudget: 99 } } }
    const changed = await call('PATCH', `/api/agents/${id}`, body)
    expect(changed).toMatchObject({
      status: 200,
      body: {
        role: 'Cook',
        description: 'New.',
        config: { limits: { dailyTokenBudget: 10, monthlyTokenBudget: 99, alertThreshold: 0.5 } }
      }
    })
    const cleared = await call('PATCH', `/api/agents/${id}`, { config: { limits: { dailyTokenBudget: null } } })
    expect(cleared.body).toMatchObject({ config: { limits: { dailyTokenBudget: null, monthlyTokenBudget: 99 } } })
  })

  test.each([
    [{}, '^name: is missing'],
    [{ name: '' }, '^name:'],
    [{ name: 7 }, '^name:'],
    [{ name: 'x'.repeat(101) }, '^name:'],
    [{ name: 'x', role: 7 }, '^role:'],
    [{ name: 'x', config: 'fast' }, '^config:'],
    [{ name: 'x', config: { model: { fallbacks: 'gpt' } } }, '^config.model.fallbacks:'],
    [{ name: 'x', config: { limits: { dailyTokenBudget: -1 } } }, '^config.limits.dailyTokenBudget:'],
    [{ name: 'x', config: { limits: { alertThreshold: 2 } } }, '^config.limits.alertThreshold:']
  ])('%j is refused by the name of the field', async (body, words) => {
    expect(await call('POST', '/api/agents', body)).toEqual({ status: 400, body: says(words) })
  })

  test('a name is taken once, whatever its case', async () => {
    const { name } = await makeAgent()
    const again = { name: String(name).toUpperCase() }
    expect(await call('POST', '/api/agents', again)).toEqual({ status: 409, body: says('^name: .*called') })
  })

  test('one that is deleted is gone', async () => {
    const { id } = await makeAgent()
    expect(await call('DELETE', `/api/agents/${id}`)).toEqual({ status: 200, body: { success: true } })
    const gone = { status: 404, body: { error: 'No agent found with that ID' } }
    expect(await call('GET', `/api/agents/${id}`)).toEqual(gone)
    expect(await call('DELETE', `/api/agents/${id}`)).toEqual(gone)
    expect((await list('?limit=100')).data.some(agent => agent.id === id)).toBe(false)
    expect((await app.call(listAgents, { query: { status: 'archived' } })).data.map(agent => agent.id)).toContain(id)
  })

  test.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/restart']
  ])('%s %s of an unknown one is 404', async (method, path) => {
    expect(await call(method, `/api/agents/nobody${path}`, method === 'GET' ? undefined : {})).toEqual({
      status: 404,
      body: { error: 'No agent found with that ID' }
    })
  })

  test('one of another person is 404 to a member', async () => {
    const { id } = await makeAgent()
    const member = await client.logIn(await addPerson(app, 'member'))
    expect((await call('GET', `/api/agents/${id}`, undefined, member)).status).toBe(404)
    expect((await call<List>('GET', '/api/agents', undefined, member)).body.pagination.total).toBe(0)
  })

  test('is online when ready, degraded by failures, offline when stopped or without a place; a restart brings it back', async () => {
    const { id } = await makeAgent({ config: { model: { default: 'claude-haiku-4-5' } } })
    const status = async () => (await call('GET', `/api/agents/${id}`)).body.status
    expect(await status()).toBe('online')
    for (let n = 0; n < 3; n++) await work(app, runner, id, { outcome: 'FAILED' })
    expect(await status()).toBe('degraded')
    await app.request('POST', `/api/v1/agents/${id}/stop`, { body: {} })
    expect(await status()).toBe('offline')
    expect((await call('POST', `/api/agents/${id}/restart`)).body).toMatchObject({ id, status: 'degraded' })
    const elsewhere = await app.call(createAgent, { body: { name: 'Nowhere', provider: 'google' } })
    expect((await call('GET', `/api/agents/${elsewhere.id}`)).body.status).toBe('offline')
    const offline = await list('?status=offline&limit=100')
    expect(offline.data.map(agent => agent.id)).toContain(elsewhere.id)
    expect(offline.data.every(agent => agent.status === 'offline')).toBe(true)
    expect((await list('?status=provisioning')).pagination.total).toBe(0)
  })

  test('tells the tokens of today', async () => {
    const { id } = await makeAgent({ config: { model: { default: 'claude-haiku-4-5' } } })
    await work(app, runner, id, { model: 'claude-haiku-4-5', usage })
    expect((await list()).data.find(agent => agent.id === id)).toMatchObject({
      tokensTodayInput: 100_000,
      tokensTodayOutput: 20_000,
      lastActiveAt: isoTime
    })
  })
})

describe('pages', () => {
  test('hold 20 unless said otherwise, never more than 100, and say how many there are', async () => {
    while ((await list()).pagination.total < 22) await makeAgent()
    const first = await list()
    expect(first.data).toHaveLength(20)
    expect(first.pagination).toEqual({ total: first.pagination.total, limit: 20, offset: 0, hasMore: true })
    const rest = await list('?limit=20&offset=20')
    expect(rest.pagination).toMatchObject({ offset: 20, hasMore: false })
    expect(rest.data).toHaveLength(rest.pagination.total - 20)
    expect(rest.data.some(agent => first.data.some(other => other.id === agent.id))).toBe(false)
    expect((await list('?limit=5000')).pagination.limit).toBe(100)
    expect((await list('?offset=100000')).data).toEqual([])
    expect(await list('?limit=0')).toMatchObject({ data: [], pagination: { hasMore: false } })
  })

  test.each([
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=1e2',
    'limit=',
    'limit=0x10',
    'limit=%205',
    'offset=',
    'offset=-1',
    'offset=0.5',
    'offset=x',
    'status=up'
  ])('%s is refused by its name', async query => {
    const name = query.split('=')[0]
    expect(await call('GET', `/api/agents?${query}`)).toEqual({ status: 400, body: says(`^${name}:`) })
  })
})

describe('limits', () => {
  async function statuses(plane: App, times: number, send: () => Promise<{ status: number; headers: Headers }>) {
    const seen: number[] = []
    let wait = 0
    for (let n = 0; n < times; n++) {
      const { status, headers } = await send()
      seen.push(status)
      if (status === 429) wait = Number(headers.get('retry-after'))
    }
    await plane.close()
    return { taken: seen.filter(status => status !== 429).length, wait }
  }

  test.each([
    ['60 requests a minute in general', 'GET', '/api/agents', 60, 60],
    ['10 logins in a quarter of an hour', 'POST', '/api/auth/login', 10, 900],
    ['5 billing requests a minute', 'GET', '/api/billing/summary', 5, 60],
    ['5 MFA verifications in a quarter of an hour', 'POST', '/api/auth/mfa/verify', 5, 900]
  ] as const)('%s by address, then 429 with Retry-After', async (_what, method, path, requests, seconds) => {
    const plane = await startApp({ clock })
    const body = method === 'GET' ? {} : { body: { email: 'a@b.c', password: 'x', mfaToken: 'x', code: '1' } }
    const { taken, wait } = await statuses(plane, requests + 2, () =>
      plane.request(method, `/agenfleet${path}`, { ...body, ...(method === 'GET' ? {} : { token: null }) })
    )
    expect(taken).toBe(requests)
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(seconds)
  })
})

test('a fault of ours names the request and nothing else', () => {
  const fault = new AppError('INTERNAL', 'Something went wrong on our side', { secret: 'x' })
  expect(agenfleet.renderError(fault, 'r-1')).toEqual({ error: 'Something went wrong on our side (request r-1)' })
})

test('an unknown path is 404, a wrong method 405, no JSON 400, too much 413, all in the one shape', async () => {
  expect(await call('GET', '/api/nothing')).toEqual({ status: 404, body: says('.') })
  expect(await call('PUT', '/api/agents')).toEqual({ status: 405, body: says('GET') })
  expect(await call('POST', '/api/agents', '{"name"')).toEqual({ status: 400, body: says('JSON') })
  const large = JSON.stringify({ name: 'x', role: 'x'.repeat(11 << 20) })
  expect(await call('POST', '/api/agents', large)).toEqual({ status: 413, body: says('10 MiB') })
})
