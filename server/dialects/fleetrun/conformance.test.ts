import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#contract/errors'
import { createMcp, maxMcps } from '#contract/fleet/mcps'
import { createKey } from '#contract/people/keys'
import { sendMessage } from '#contract/work/messages'
import { createEpic } from '#contract/work/tasks'
import {
  connectDialect,
  type DialectClient,
  isoTime,
  says,
  type Thing,
  uuid
} from '../../../test/kit/dialect-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'
import { fleetrun } from './index.ts'

let app: App
let client: DialectClient
let made = 0

beforeAll(async () => {
  app = await startApp({ args: ['--limits', 'fleetrun=0'] })
  client = await connectDialect(app, '/fleetrun', 'fleetrun')
}, 60_000)
afterAll(() => app.close())

const call: DialectClient['call'] = (...parts) => client.call(...parts)

const newAgent = (more: Record<string, unknown> = {}) => ({
  name: `Support ${++made}`,
  role: 'You answer customers.',
  model: 'claude-sonnet-4-5',
  provider: 'anthropic',
  glyph: '🤖',
  ...more
})
const makeAgent = async (more: Record<string, unknown> = {}) => (await call('POST', '/api/agents', newAgent(more))).body
const slugOf = (agent: Thing) => String(agent.name).toLowerCase().replace(' ', '-')
const newTask = (assignee: string, more: Record<string, unknown> = {}) => ({
  title: 'Refund order',
  input: 'Refund the order 42.',
  assignee,
  ...more
})
const makeTask = async (assignee: string, more: Record<string, unknown> = {}) =>
  (await call('POST', '/api/tasks', newTask(assignee, more))).body
describe('agents', () => {
  test('one is created with what the document names, and answered with 201 and all its fields', async () => {
    const lead = await makeAgent()
    const body = newAgent({ manager: lead.id, team: 'Support' })
    const created = await call('POST', '/api/agents', body)
    expect(created).toEqual({
      status: 201,
      body: { ...body, id: uuid, status: 'active', createdAt: isoTime, updatedAt: isoTime }
    })
    expect(await call('GET', `/api/agents/${created.body.id}`)).toEqual({ status: 200, body: created.body })
    const list = await call<Thing[]>('GET', '/api/agents')
    expect(list.status).toBe(200)
    expect(list.body[0]).toEqual(created.body)
  })

  test('one without manager and team has neither', async () => {
    expect(await makeAgent()).toMatchObject({ manager: null, team: null })
  })

  test.each(['name', 'role', 'model', 'provider', 'glyph'])('one without %s is refused by that name', async field => {
    const body = newAgent({ [field]: undefined })
    expect(await call('POST', '/api/agents', body)).toEqual({ status: 400, body: says(`^${field}: is missing`) })
  })

  test.each(['anthropic', 'openai', 'openrouter', 'google'])('the provider %s is known', async provider => {
    expect((await makeAgent({ provider })).provider).toBe(provider)
  })

  test.each([
    [{ provider: 'acme' }, '^provider:.*anthropic'],
    [{ name: 5 }, '^name: a text is expected$'],
    [{ role: ' ' }, '^role: must not be empty$'],
    [{ role: 'x'.repeat(100_001) }, '^role: must have at most 100000 characters$'],
    [{ glyph: 'AB' }, '^glyph: one emoji is expected$'],
    [{ glyph: '🤖🤖' }, '^glyph: one emoji'],
    [{ glyph: '' }, '^glyph: one emoji'],
    [{ name: ' ' }, '^name:'],
    [{ manager: 'nobody' }, '^manager: there is no agent nobody']
  ])('%j is refused', async (more, words) => {
    expect(await call('POST', '/api/agents', newAgent(more))).toEqual({ status: 400, body: says(words) })
  })

  test('a name is taken once', async () => {
    const { name } = await makeAgent()
    expect(await call('POST', '/api/agents', newAgent({ name }))).toEqual({
      status: 409,
      body: says('name:', 'called')
    })
  })

  test('fields are changed one by one; unknown ones are passed over', async () => {
    const agent = await makeAgent({ team: 'A' })
    const { status, body } = await call('PATCH', `/api/agents/${agent.id}`, {
      name: `${agent.name} II`,
      model: 'claude-haiku-4-5',
      team: null,
      colour: 'red'
    })
    const { updatedAt: _, ...rest } = agent
    expect([status, body]).toEqual([
      200,
      { ...rest, name: `${agent.name} II`, model: 'claude-haiku-4-5', team: null, updatedAt: isoTime }
    ])
  })

  test('a manager must not report to whom he manages', async () => {
    const top = await makeAgent()
    const report = await makeAgent({ manager: top.id })
    const answer = await call('PATCH', `/api/agents/${top.id}`, { manager: report.id })
    expect(answer).toEqual({ status: 400, body: says('^manager:', 'reports to') })
    expect((await call('PATCH', `/api/agents/${report.id}`, { manager: null })).body.manager).toBeNull()
  })

  test('one is paused, archived and brought back by its status; running is for its runs to say', async () => {
    const { id } = await makeAgent()
    const set = async (status: string) => await call('PATCH', `/api/agents/${id}`, { status })
    for (const status of ['paused', 'active', 'archived', 'active'])
      expect(await set(status)).toMatchObject({ status: 200, body: { status } })
    expect(await set('running')).toEqual({ status: 400, body: says('^status:', 'run one') })
    expect(await set('asleep')).toEqual({ status: 400, body: says('^status:') })
  })

  test('one that is deleted is archived: gone from the list, still there by its id', async () => {
    const { id } = await makeAgent()
    expect(await call('DELETE', `/api/agents/${id}`)).toEqual({ status: 200, body: { ok: true } })
    expect((await call('GET', `/api/agents/${id}`)).body.status).toBe('archived')
    expect((await call<Thing[]>('GET', '/api/agents')).body.map(agent => agent.id)).not.toContain(id)
  })

  test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown one is 404', async method => {
    const body = method === 'GET' ? undefined : {}
    expect(await call(method, '/api/agents/nobody', body)).toEqual({ status: 404, body: says('no agent nobody') })
  })
})

describe('tasks', () => {
  test('one is created with what the document names, and answered with 201 and all its fields', async () => {
    const [agent, other] = [await makeAgent(), await makeAgent()]
    const epic = await app.call(createEpic, { body: { title: 'Refunds' } })
    const wish = newTask(agent.id, { requester: other.id, priority: 'high', epic_id: epic.id })
    const { status, body } = await call('POST', '/api/tasks', wish)
    expect(status).toBe(201)
    expect(body).toEqual({
      ...wish,
      id: uuid,
      status: 'pending',
      output: null,
      error: null,
      tokens: 0,
      createdAt: isoTime,
      startedAt: null,
      finishedAt: null,
      log: [{ ts: isoTime, type: 'created', text: expect.any(String) }]
    })
    expect((await call('GET', `/api/tasks/${body.id}`)).body).toEqual(body)
  })

  test('the priority is normal unless said otherwise', async () => {
    expect((await makeTask((await makeAgent()).id)).priority).toBe('normal')
  })

  test.each(['title', 'input', 'assignee'])('one without %s is refused by that name', async field => {
    const wish = newTask((await makeAgent()).id, { [field]: undefined })
    expect(await call('POST', '/api/tasks', wish)).toEqual({ status: 400, body: says(`^${field}: is missing`) })
  })

  test.each([
    [{ assignee: 'nobody' }, '^assignee: there is no agent'],
    [{ requester: 'nobody' }, '^requester: there is no agent'],
    [{ epic_id: 'nothing' }, '^epic_id: there is no epic'],
    [{ priority: 'urgent' }, '^priority:']
  ])('%j is refused', async (more, words) => {
    const wish = newTask((await makeAgent()).id, more)
    expect(await call('POST', '/api/tasks', wish)).toEqual({ status: 400, body: says(words) })
  })

  test('are listed most recent first, by status and assignee, from the query or from a body', async () => {
    const agent = await makeAgent()
    const tasks = [await makeTask(agent.id), await makeTask(agent.id), await makeTask(agent.id)]
    await call('PATCH', `/api/tasks/${tasks[0]?.id}`, { status: 'done' })
    const pending = tasks.slice(1).reverse()
    const query = await call<Thing[]>('GET', `/api/tasks?assignee=${agent.id}&status=pending`)
    expect(query).toEqual({ status: 200, body: pending })
    expect(await client.getWithBody('/api/tasks', { assignee: agent.id, status: 'pending' })).toEqual(query)
    expect((await call<Thing[]>('GET', `/api/tasks?assignee=${agent.id}`)).body).toHaveLength(3)
  })

  test.each(['status=lost', 'limit=0', 'limit=1.5', 'limit=x', 'offset=-1', 'assignee=nobody'])(
    'a list with %s is refused by that name',
    async query => {
      const answer = await call('GET', `/api/tasks?${query}`)
      expect(answer).toEqual({ status: 400, body: says(`^${query.split('=')[0]}:`) })
    }
  )

  test('status, priority and assignee are changed', async () => {
    const [agent, other] = [await makeAgent(), await makeAgent()]
    const { id } = await makeTask(agent.id)
    const wish = { status: 'done', priority: 'low', assignee: other.id }
    expect(await call('PATCH', `/api/tasks/${id}`, wish)).toMatchObject({ status: 200, body: wish })
    expect(await call('PATCH', `/api/tasks/${id}`, { status: 'running' })).toEqual({
      status: 400,
      body: says('^status')
    })
    expect(await call('PATCH', '/api/tasks/nothing', wish)).toEqual({ status: 404, body: says('no task') })
    expect(await call('GET', '/api/tasks/nothing')).toEqual({ status: 404, body: says('no task') })
  })
})

describe('messages', () => {
  test('what tasks and people say is told, most recent first, as the document has it', async () => {
    const agent = await makeAgent()
    const sent = await app.call(sendMessage, { body: { to: agent.id, text: 'Ship it', data: { urgent: true } } })
    const { status, body } = await call<Thing[]>('GET', `/api/messages?agent=${agent.id}`)
    expect([status, body]).toEqual([
      200,
      [
        {
          id: sent.id,
          type: 'agent.message',
          from: 'user',
          to: agent.id,
          taskId: null,
          text: 'Ship it',
          data: expect.objectContaining({ urgent: true }),
          createdAt: isoTime
        }
      ]
    ])
    const filters = [
      { type: 'agent.message', limit: 1 },
      { agent: agent.id, since: sent.createdAt },
      { agent: slugOf(agent), until: '2999-01-01T00:00:00+01:00' }
    ]
    for (const filter of filters) {
      const found = await client.getWithBody<Thing[]>('/api/messages', filter)
      expect(found.body.map(message => message.id)).toEqual([sent.id])
    }
    expect((await call('GET', `/api/messages?agent=${agent.id}&type=task.done`)).body).toEqual([])
    expect((await call('GET', `/api/messages?agent=${agent.id}&until=2020-01-01T00:00:00Z`)).body).toEqual([])
  })

  test('there are 100 of them unless said otherwise, and never more than 500', async () => {
    const agent = await makeAgent()
    const letters = Array.from({ length: 510 }, (_, n) => ({ to: agent.id, text: `letter ${n}` }))
    await Promise.all(letters.map(body => app.call(sendMessage, { body })))
    const count = async (query: string) => (await call<Thing[]>('GET', `/api/messages?${query}`)).body.length
    expect([await count(''), await count('limit=500'), await count('limit=501')]).toEqual([100, 500, 500])
  })

  test.each(['type=task.lost', 'agent=nobody', 'limit=0', 'limit=-5', 'limit=ten', 'since=yesterday'])(
    'a list with %s is refused by that name',
    async query => {
      const answer = await call('GET', `/api/messages?${query}`)
      expect(answer).toEqual({ status: 400, body: says(`^${query.split('=')[0]}:`) })
    }
  )
})

describe('secrets', () => {
  test('are set and replaced, listed without their values, and deleted by the query or by a body', async () => {
    const value = 'sk-do-not-show-this'
    for (const status of [201, 200, 200])
      expect(await call('POST', '/api/secrets', { key: 'STRIPE_KEY', value: `${value}-${status}` })).toEqual({
        status,
        body: { ok: true }
      })
    const listed = await call<Thing[]>('GET', '/api/secrets')
    expect(listed).toEqual({
      status: 200,
      body: [{ key: 'STRIPE_KEY', scope: 'org', agentId: null, updatedAt: isoTime }]
    })
    expect(JSON.stringify(listed.body)).not.toContain(value)
    expect(await call('DELETE', '/api/secrets?key=STRIPE_KEY')).toEqual({ status: 200, body: { ok: true } })
    expect(await call('DELETE', '/api/secrets', { key: 'STRIPE_KEY' })).toEqual({
      status: 404,
      body: says('STRIPE_KEY')
    })
    expect((await call('GET', '/api/secrets')).body).toEqual([])
  })

  test('of an agent lie beside those of the organisation', async () => {
    const agent = await makeAgent()
    const own = { key: 'OWN_KEY', scope: 'agent', agentId: agent.id }
    await call('POST', '/api/secrets', { ...own, value: 'xxxxxxxx' })
    expect((await call('GET', '/api/secrets')).body).toEqual([])
    expect((await call('GET', `/api/secrets?scope=agent&agent=${slugOf(agent)}`)).body).toEqual([
      { ...own, updatedAt: isoTime }
    ])
    expect(await call('GET', '/api/secrets?scope=agent&agent=nobody')).toEqual({ status: 400, body: says('^agent:') })
    expect(await call('DELETE', '/api/secrets', own)).toEqual({ status: 200, body: { ok: true } })
  })

  test.each([
    [{ value: 'x' }, '^key: is missing'],
    [{ key: 'KEY' }, '^value: is missing'],
    [{ key: 'lower', value: 'x' }, '^key:.*upper case'],
    [{ key: 'KEY', value: 'x', scope: 'team' }, '^scope:'],
    [{ key: 'KEY', value: 'x', scope: 'agent' }, '^agentId:'],
    [{ key: 'KEY', value: 'x', scope: 'agent', agentId: 'nobody' }, '^agentId: there is no agent']
  ])('%j is refused', async (body, words) => {
    expect(await call('POST', '/api/secrets', body)).toEqual({ status: 400, body: says(words) })
  })
})

describe('MCP servers', () => {
  beforeAll(async () => {
    await call('POST', '/api/mcps', { name: 'taken', transport: 'stdio', command: 'x' })
  })

  test('are added and listed with the names of their variables, never with the values', async () => {
    const wish = { name: 'github', transport: 'stdio', command: 'npx', args: ['-y', 'server-github'] }
    const created = await call('POST', '/api/mcps', { ...wish, env: { TOKEN: '{{secret:GITHUB_TOKEN}}', X: 'plain' } })
    expect(created).toEqual({
      status: 201,
      body: { ...wish, id: uuid, url: null, env_keys: ['TOKEN', 'X'], status: 'unknown', created_at: isoTime }
    })
    const http = await call('POST', '/api/mcps', { name: 'docs', transport: 'http', url: 'https://example.com/mcp' })
    expect(http.body).toMatchObject({ transport: 'http', command: null, args: [], url: 'https://example.com/mcp' })
    const list = await call<Thing[]>('GET', '/api/mcps')
    expect([list.status, ...list.body.slice(0, 2)]).toEqual([200, http.body, created.body])
  })

  test.each([
    [{ transport: 'stdio', command: 'x' }, 400, '^name: is missing'],
    [{ name: 'a' }, 400, '^transport: is missing'],
    [{ name: 'a', transport: 'stdio' }, 400, '^command:'],
    [{ name: 'a', transport: 'http' }, 400, '^url:'],
    [{ name: 'a', transport: 'http', url: 'file:///etc/passwd' }, 400, '^url:'],
    [{ name: 'a', transport: 'smtp' }, 400, '^transport:'],
    [{ name: 'a', transport: 'stdio', command: 'x', env: { A: 1 } }, 400, '^env.A:'],
    [{ name: 'taken', transport: 'stdio', command: 'x' }, 409, '^name:.*called taken']
  ])('%j is refused with %i', async (body, status, words) => {
    expect(await call('POST', '/api/mcps', body)).toEqual({ status, body: says(words) })
  })
})

test('the user of a token is told with org, plan and features', async () => {
  expect(await call('GET', '/api/me')).toEqual({
    status: 200,
    body: {
      id: expect.any(String),
      email: 'owner@localhost',
      name: expect.any(String),
      role: 'owner',
      org: { id: expect.any(String), name: expect.any(String) },
      plan: 'enterprise',
      features: { write: true, admin: false, runner: false }
    }
  })
})

describe('errors', () => {
  test('without a token or with a wrong one it is 401, beyond its scopes 403', async () => {
    for (const token of [null, 'fr_live_0000'])
      expect(await app.request('GET', '/fleetrun/api/agents', { token })).toMatchObject({
        status: 401,
        body: says('Authentication')
      })
    const reader = await app.call(createKey, { body: { name: 'reader', style: 'fleetrun', scopes: ['read'] } })
    const refused = await app.request('POST', '/fleetrun/api/agents', { token: reader.key, body: newAgent() })
    expect([refused.status, refused.body]).toEqual([403, says('scope')])
  })

  test('an unknown path is 404, a wrong method 405, no JSON 400, too much 413, all in the one shape', async () => {
    expect(await call('GET', '/api/nothing')).toEqual({ status: 404, body: says('nothing at') })
    expect(await call('PUT', '/api/agents', {})).toEqual({ status: 405, body: says('GET, HEAD, POST') })
    expect(await call('POST', '/api/agents', '{"name":')).toEqual({ status: 400, body: says('not JSON') })
    expect(await call('POST', '/api/agents', newAgent({ role: 'x'.repeat(11 << 20) }))).toEqual({
      status: 413,
      body: says('10 MiB')
    })
  })

  test('a limit that is reached is 403', async () => {
    const full = await startApp()
    const add = (n: number) => full.call(createMcp, { body: { name: `mcp-${n}`, transport: 'stdio', command: 'x' } })
    await Promise.all(Array.from({ length: maxMcps }, (_, n) => add(n)))
    const { call: ask } = await connectDialect(full, '/fleetrun', 'fleetrun')
    const body = { name: 'one-too-many', transport: 'stdio', command: 'x' }
    expect(await ask('POST', '/api/mcps', body)).toEqual({ status: 403, body: says('200 MCP servers') })
    await full.close()
  })

  test('a fault of ours names the request and nothing else', () => {
    expect(fleetrun.renderError(new AppError('INTERNAL', 'Something went wrong'), 'id-1')).toEqual(
      says('wrong', 'id-1')
    )
  })
})
