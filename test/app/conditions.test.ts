import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createMcp, testMcp } from '#contract/fleet/mcps'
import { setSecret } from '#contract/fleet/secrets'
import { createBudget } from '#contract/money/budgets'
import { createKey } from '#contract/people/keys'
import { createToken, listSessions } from '#contract/people/login'
import { createUser } from '#contract/people/users'
import { addInput, launchRun } from '#contract/runs/runs'
import { createEpic, createTask } from '#contract/work/tasks'
import { endpointsOfFaces } from '../kit/endpoints.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
let made = 0

beforeAll(async () => {
  app = await startApp({ args: ['--limits', 'agenfleet=0,agenfleet-billing=0'] })
  runner = await connectRunner(app, { capacity: 100 })
})
afterAll(() => app.close())

const name = () => `thing-${++made}`
const agent = async () => (await app.call(createAgent, { body: { name: name() } })).id
const run = async () => (await app.call(launchRun, { body: { prompt: 'x' } })).id
const mcp = () => app.call(createMcp, { body: { name: name(), transport: 'stdio', command: 'x' } })

/** One of each noun, and what can be done to it. */
const nouns: Record<string, { make: () => Promise<string>; changes: [string, string, unknown][] }> = {
  agent: {
    make: async () => `/api/v1/agents/${await agent()}`,
    changes: [
      ['PATCH', '', { role: 'x' }],
      ['POST', '/stop', {}],
      ['POST', '/execute', { prompt: 'x' }],
      ['DELETE', '', undefined]
    ]
  },
  'agent on fleetrun': {
    make: async () => `/fleetrun/api/agents/${await agent()}`,
    changes: [
      ['PATCH', '', { team: 'x' }],
      ['DELETE', '', undefined]
    ]
  },
  'agent on agenfleet': {
    make: async () => `/agenfleet/api/agents/${await agent()}`,
    changes: [
      ['POST', '/restart', undefined],
      ['DELETE', '', undefined]
    ]
  },
  run: { make: async () => `/api/v1/runs/${await run()}`, changes: [['POST', '/cancel', {}]] },
  'input of a run': {
    make: async () => {
      const id = await run()
      const { n } = await app.call(addInput, { params: { id }, body: { text: 'x' } })
      return `/api/v1/runs/${id}/input/${n}`
    },
    changes: [
      ['PATCH', '', { text: 'y' }],
      ['DELETE', '', undefined]
    ]
  },
  task: {
    make: async () => `/api/v1/tasks/${(await app.call(createTask, { body: { title: 'x', input: 'x' } })).id}`,
    changes: [
      ['PATCH', '', { title: 'y' }],
      ['DELETE', '', undefined]
    ]
  },
  epic: {
    make: async () => `/api/v1/epics/${(await app.call(createEpic, { body: { title: 'x' } })).id}`,
    changes: [
      ['PATCH', '', { title: 'y' }],
      ['DELETE', '', undefined]
    ]
  },
  budget: {
    make: async () =>
      `/api/v1/budgets/${(await app.call(createBudget, { body: { agentId: await agent(), amount: 5 } })).id}`,
    changes: [
      ['PATCH', '', { amount: 6 }],
      ['DELETE', '', undefined]
    ]
  },
  mcp: {
    make: async () => `/api/v1/mcps/${(await mcp()).id}`,
    changes: [
      ['PATCH', '', { command: 'y' }],
      ['DELETE', '', undefined]
    ]
  },
  secret: {
    make: async () => `/api/v1/secrets/${(await app.call(setSecret, { body: { key: `K${++made}`, value: 'x' } })).key}`,
    changes: [['DELETE', '', undefined]]
  },
  key: {
    make: async () => `/api/v1/keys/${(await app.call(createKey, { body: { name: name() } })).id}`,
    changes: [['DELETE', '', undefined]]
  },
  user: {
    make: async () =>
      `/api/v1/users/${(await app.call(createUser, { body: { email: `${name()}@example.com`, role: 'viewer' } })).id}`,
    changes: [
      ['PATCH', '', { name: 'y' }],
      ['DELETE', '', undefined]
    ]
  },
  session: {
    make: async () => {
      await app.call(createToken, { body: {} })
      return `/api/v1/sessions/${(await app.call(listSessions)).data[0]?.id}`
    },
    changes: [['DELETE', '', undefined]]
  },
  workforce: {
    make: async () => '/api/v1/workforce?period=week',
    changes: [['PATCH', '', { humanMinutesPerSuccess: 7 }]]
  }
}

const changes = Object.entries(nouns).flatMap(([noun, { make, changes }]) =>
  changes.map(([method, verb, body]) => ({ noun, make, method, verb, body }))
)
const under = (path: string, verb: string) => path.replace(/(\?|$)/, `${verb}$1`)

describe('If-Match', () => {
  test.each(changes.map(one => [`${one.method} ${one.verb} of a ${one.noun}`, one] as const))(
    'is honoured by %s',
    async (_, { make, method, verb, body }) => {
      const path = await make()
      const send = (tag: string) =>
        app.request(method, under(path, verb), {
          headers: { 'if-match': tag },
          ...(body === undefined ? {} : { body })
        })
      const tag = (await app.request('GET', path)).headers.get('etag') ?? ''
      expect(tag).toMatch(/^".+"$/)
      for (const other of ['"other"', `W/${tag}`, '"a", "b"', tag.slice(1, -1)]) {
        const refused = await send(other)
        expect([other, refused.status]).toEqual([other, 412])
      }
      expect((await app.request('GET', path)).headers.get('etag')).toBe(tag)
      expect((await send(`"a", ${tag}`)).status).toBeLessThan(300)
    }
  )

  test('of * only asks that it is there', async () => {
    const path = await nouns.epic?.make()
    const headers = { 'if-match': '*' }
    expect((await app.request('PATCH', path ?? '', { body: { title: 'z' }, headers })).status).toBe(200)
    expect((await app.request('DELETE', '/api/v1/epics/none', { headers })).status).toBe(404)
  })

  test('lets one of many through', async () => {
    const path = (await nouns.workforce?.make()) ?? ''
    const tag = (await app.request('GET', path)).headers.get('etag') ?? ''
    const send = (minutes: number) =>
      app.request('PATCH', path, { body: { humanMinutesPerSuccess: minutes }, headers: { 'if-match': tag } })
    const statuses = (await Promise.all([20, 21, 22].map(send))).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 412, 412])
  })
})

describe('If-None-Match', () => {
  test.each(['/api/v1/agents', '/api/v1/mcps', '/api/v1/workforce', '/fleetrun/api/tasks'])(
    'of %s takes weak tags, lists and *',
    async path => {
      const tag = (await app.request('GET', path)).headers.get('etag') ?? ''
      const status = async (wanted: string) =>
        (await app.request('GET', path, { headers: { 'if-none-match': wanted } })).status
      for (const wanted of [tag, `W/${tag}`, `"a", ${tag}`, `W/"b",W/${tag}`, '*'])
        expect([wanted, await status(wanted)]).toEqual([wanted, 304])
      for (const wanted of ['"a"', 'W/"a"', tag.slice(1, -1), ''])
        expect([wanted, await status(wanted)]).toEqual([wanted, 200])
    }
  )
})

test('every noun that is changed by its id is read by it', () => {
  for (const [face, endpoints] of Object.entries(endpointsOfFaces)) {
    if (face !== 'native') continue
    const read = new Set(endpoints.filter(({ method }) => method === 'GET').map(({ path }) => path))
    const changed = endpoints.filter(({ method, scope }) => method !== 'GET' && method !== 'POST' && scope !== 'runner')
    // A copy that waits to be put back is told with the rest of the data, the trust in a folder with its approval, demo data
    // with the system, and what was viewed, decided and said of single lines with the review of its run.
    const unread = changed.filter(({ path }) => !read.has(path)).map(({ id }) => id)
    const ofReviews = ['markRunFileViewed', 'judgeRunHunks', 'changeReviewComment', 'deleteReviewComment']
    expect(unread).toEqual(['cancelRestore', 'removeDemo', 'withdrawTrust', ...ofReviews])
  }
})

describe('Idempotency-Key', () => {
  const twice = (path: string, body: unknown, key: string) =>
    Promise.all([1, 2].map(() => app.request('POST', path, { body, headers: { 'idempotency-key': key } })))

  test('makes one token, also where both ask at once', async () => {
    const before = (await app.call(listSessions)).data.length
    const [first, second] = await twice(createToken.path, { face: 'agenfleet' }, 'token-1')
    expect([first?.status, second?.body]).toEqual([createToken.status, first?.body])
    const later = await app.request('POST', createToken.path, {
      body: { face: 'agenfleet' },
      headers: { 'idempotency-key': 'token-1' }
    })
    expect([later.body, later.headers.get('idempotency-key')]).toEqual([first?.body, 'token-1'])
    expect((await app.call(listSessions)).data).toHaveLength(before + 1)
    const other = await app.request('POST', createToken.path, {
      body: { face: 'native' },
      headers: { 'idempotency-key': 'token-1' }
    })
    expect([other.status, other.error.code]).toEqual([409, 'IDEMPOTENCY_MISMATCH'])
  })

  test('of what takes time and fails leaves it to be tried again', async () => {
    const { id } = await mcp()
    const path = testMcp.path.replace(':id', id)
    const answers = await twice(path, { runnerId: 'nobody' }, 'test-1')
    expect(answers.map(({ status }) => status)).toEqual([400, 400])
    const again = await app.request('POST', path, {
      body: { runnerId: 'else' },
      headers: { 'idempotency-key': 'test-1' }
    })
    expect(again.status).toBe(400)
  })

  test('keeps the status of an answer that has two', async () => {
    const body = { key: 'REPLACED', value: 'x' }
    const send = (key: string) => app.request('POST', setSecret.path, { body, headers: { 'idempotency-key': key } })
    expect([(await send('s1')).status, (await send('s2')).status]).toEqual([201, 200])
    expect([(await send('s1')).status, (await send('s2')).status]).toEqual([201, 200])
  })

  test.each(['', 'x'.repeat(201)])('of %j characters is refused by its name', async key => {
    const answer = await app.request('POST', launchRun.path, {
      body: { prompt: 'x' },
      headers: { 'idempotency-key': key }
    })
    expect([answer.status, answer.error.field]).toEqual([400, 'Idempotency-Key'])
  })

  test('is nothing to the protocol of runners, which counts for itself', async () => {
    expect(runner).toBeDefined()
    const { paths } = (await app.request('GET', '/openapi.json')).body as {
      paths: Record<string, Record<string, { parameters: { $ref?: string }[] }>>
    }
    const takes = (path: string, method: string) =>
      paths[path]?.[method]?.parameters.some(({ $ref }) => $ref?.endsWith('/Idempotency-Key') ?? false)
    expect([takes('/api/v1/runner/claim', 'post'), takes('/api/v1/auth/login', 'post')]).toEqual([false, false])
    expect([takes('/api/v1/runs', 'post'), takes('/api/v1/auth/tokens', 'post')]).toEqual([true, true])
  })
})
