import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getMe } from '#contract/people/login'
import { getTask } from '#contract/work/tasks'
import { connectDialect, type DialectClient, says, type Thing } from '../../../test/kit/dialect-client.ts'
import { join } from '../../../test/kit/people.ts'
import { connectRunner } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'

let app: App
let client: DialectClient
let made = 0

beforeAll(async () => {
  app = await startApp({ args: ['--limits', 'fleetrun=0'] })
  client = await connectDialect(app, '/fleetrun', 'fleetrun')
}, 60_000)
afterAll(() => app.close())

const newAgent = () => ({ name: `Desk ${++made}`, role: 'x', model: 'gpt-5.2', provider: 'openai', glyph: '👩🏽‍💻' })
const as =
  (token: string) =>
  async <Body = Thing>(method: string, path: string, body?: unknown) => {
    const answer = await app.request(method, `/fleetrun${path}`, { token, ...(body === undefined ? {} : { body }) })
    return { status: answer.status, body: answer.body as Body }
  }
const call = (method: string, path: string, body?: unknown) => client.call(method, path, body)

describe('a token sees what its person sees', () => {
  test('a member its own agents and their tasks, an admin all of them', async () => {
    const member = as((await join(app, 'member')).token)
    const other = as((await join(app, 'member')).token)
    const admin = as((await join(app, 'admin')).token)
    const agent = (await member('POST', '/api/agents', newAgent())).body
    const task = (await member('POST', '/api/tasks', { title: 'x', input: 'x', assignee: agent.id })).body
    for (const [path, id] of [
      ['/api/agents', agent.id],
      ['/api/tasks', task.id]
    ] as const) {
      for (const [who, sees] of [
        [member, true],
        [admin, true],
        [other, false]
      ] as const) {
        expect((await who<Thing[]>('GET', path)).body.some(thing => thing.id === id)).toBe(sees)
        expect((await who('GET', `${path}/${id}`)).status).toBe(sees ? 200 : 404)
      }
    }
    expect((await other('PATCH', `/api/agents/${agent.id}`, { role: 'y' })).status).toBe(404)
    expect((await other('POST', '/api/run', { taskId: task.id })).status).toBe(404)
    expect(await other('GET', `/api/usage?agent=${agent.id}`)).toEqual({ status: 400, body: says('^agent:') })
  })

  test('a viewer looks and changes nothing', async () => {
    const viewer = as((await join(app, 'viewer')).token)
    expect((await viewer('GET', '/api/agents')).status).toBe(200)
    expect((await viewer('POST', '/api/agents', newAgent())).status).toBe(403)
  })
})

describe('a requester', () => {
  test('is an agent, a user, or who calls', async () => {
    const { user } = await app.call(getMe, {}, client.token)
    const person = await join(app, 'member')
    const agent = (await call('POST', '/api/agents', newAgent())).body
    const requesters = { user: user.id, [user.id]: user.id, [person.id]: person.id, [agent.id]: agent.id }
    for (const [requester, id] of Object.entries(requesters)) {
      const { status, body } = await call('POST', '/api/tasks', {
        title: 'x',
        input: 'x',
        assignee: agent.id,
        requester
      })
      expect([status, body.requester]).toEqual([201, id])
      expect((await app.call(getTask, { params: { id: body.id } })).requesterId).toBe(id)
    }
  })

  test('a member names no other person', async () => {
    const member = as((await join(app, 'member')).token)
    const other = await join(app, 'member')
    const agent = (await member('POST', '/api/agents', newAgent())).body
    const body = { title: 'x', input: 'x', assignee: agent.id, requester: other.id }
    expect(await member('POST', '/api/tasks', body)).toEqual({ status: 400, body: says('^requester: there is no') })
  })
})

describe('an MCP server', () => {
  test.each(['My docs (v2)', 'ドキュメント', 'a.b/c:d'])('may be called %s', async name => {
    const answer = await call('POST', '/api/mcps', { name, transport: 'stdio', command: 'x' })
    expect([answer.status, answer.body.name]).toEqual([201, name])
  })

  test.each(['', ' ', 'a\nb', 'x'.repeat(65), 'a\u0000'])('is not called %j', async name => {
    const answer = await call('POST', '/api/mcps', { name, transport: 'stdio', command: 'x' })
    expect(answer).toEqual({ status: 400, body: says('^name:') })
  })

  test('reaches a run under a name that a CLI can use', async () => {
    for (const name of ['Our docs (v3)', '文書', 'x.y/z:0'])
      await call('POST', '/api/mcps', { name, transport: 'stdio', command: 'x' })
    const runner = await connectRunner(app, { capacity: 1 })
    const agent = (await call('POST', '/api/agents', newAgent())).body
    const task = (await call('POST', '/api/tasks', { title: 'x', input: 'x', assignee: agent.id })).body
    const stream = client.stream('/api/run', { taskId: task.id })
    const [assignment] = await runner.claim(1, 10)
    if (!assignment) throw new Error('nothing to claim')
    const names = assignment.mcpServers.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['Our-docs-v3', 'x-y-z-0']))
    expect(names.find(name => /^mcp(-|$)/.test(name))).toBeDefined()
    for (const name of names) expect(name).toMatch(/^[\w-]+$/)
    await runner.finish(assignment, 'SUCCEEDED', { result: 'x' })
    await stream
  })
})

test('what is wrong is said in sentences, once for each field', async () => {
  const answer = await call('POST', '/api/tasks', { title: '', input: 7, assignee: null, priority: 'now' })
  expect(answer).toEqual({
    status: 400,
    body: {
      error:
        'title: must not be empty; input: a text is expected; assignee: a text is expected; ' +
        'priority: one of low, normal, high is expected'
    }
  })
  expect((await call('GET', '/api/tasks?limit=x&offset=-1')).body).toEqual({
    error: 'limit: a whole number is expected; offset: must be at least 0'
  })
})
