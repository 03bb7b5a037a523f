import { once } from 'node:events'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createKey, deleteKey } from '#contract/people/keys'
import { createToken } from '#contract/people/login'
import { getSystem } from '#contract/system'
import { dialects } from '../../server/dialects/index.ts'
import { addPerson, join } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { alsoCheck } from '../kit/wire-check.ts'
import * as endpoints from './toy-face/endpoints.ts'
import { hive } from './toy-face/index.ts'

let app: App
let key: string

alsoCheck(hive, Object.values(endpoints))

beforeAll(async () => {
  app = await startApp({ dialects: [...dialects, hive] })
  key = await makeKey()
  await app.request('POST', '/hive/bees/all', { body: { title: 'Maya' } })
})
afterAll(() => app.close())

async function makeKey(token?: string): Promise<string> {
  return (await app.call(createKey, { body: { name: 'bee keeper', style: 'hive' } }, token)).key
}

const form = 'application/x-www-form-urlencoded'

test('a face that is one folder and one line in the list is served, listed and described', async () => {
  expect((await app.request('GET', '/hive/bees/all/maya')).body).toEqual({ title: 'Maya' })
  const { faces, keyStyles } = await app.call(getSystem)
  expect(faces.find(({ id }) => id === 'hive')).toMatchObject({ title: 'Hive', baseUrl: `${app.url}/hive` })
  expect(keyStyles).toContainEqual({ name: 'hive', prefix: 'hv_' })
  const { body } = await app.request('GET', '/hive/openapi.json', { token: null })
  expect(await new Validator().validate(body as Record<string, unknown>)).toEqual({ valid: true })
  expect(body).toMatchObject({
    paths: {
      '/bees/token': { post: { requestBody: { content: { [form]: {}, 'multipart/form-data': {} } } } },
      '/bees/all': { post: { requestBody: { content: { 'application/json': {} } } } }
    }
  })
  expect((body as { paths: Record<string, object> }).paths['/bees/all/{title}']).not.toHaveProperty(
    'delete.requestBody'
  )
})

describe('its clients', () => {
  test('get keys that look like its own, and reach it at the root by them', async () => {
    expect(key).toMatch(/^hv_[0-9a-f]{48}$/)
    expect((await app.request('GET', '/bees/all/maya', { token: key })).body).toEqual({ title: 'Maya' })
    const lost = await app.request('GET', '/bees/nowhere', { token: key })
    expect([lost.status, lost.body]).toEqual([404, { fault: 'There is nothing at /bees/nowhere' }])
    expect((await app.request('GET', '/bees/all/maya', { token: null })).body).toEqual({
      fault: 'Authentication required'
    })
  })

  test('find their keys and tokens in our own document, and others are refused by name', async () => {
    const { text } = await app.request('GET', '/openapi.json', { token: null })
    expect(text).toContain('"enum":["flotilla","fleetrun","fleece","agentfleet","hive"]')
    expect(text).toContain('"enum":["native","agenfleet","hive","trinity"]')
    const refused = await app.request('POST', createKey.path, { body: { name: 'x', style: 'wasps' } })
    expect([refused.status, refused.error]).toMatchObject([
      400,
      { field: 'style', message: 'style: one of flotilla, fleetrun, fleece, agentfleet, hive is expected' }
    ])
    const token = await app.request('POST', createToken.path, { body: { face: 'fleetrun' } })
    expect([token.status, token.error.field]).toEqual([400, 'face'])
  })

  test('have no more keys than it allows', async () => {
    await makeKey()
    await makeKey()
    expect((await app.request('POST', createKey.path, { body: { name: 'x', style: 'hive' } })).status).toBe(409)
  })

  test('log in by a form, also one in parts, for a token that leads them to it at the root', async () => {
    const { email, password } = await addPerson(app, 'admin')
    const parts = new FormData()
    parts.set('username', email)
    parts.set('password', password)
    const bodies: [body: string, type: string][] = [
      [String(new URLSearchParams({ username: email, password })), form],
      await inParts(parts)
    ]
    for (const [body, type] of bodies) {
      const answer = await app.request('POST', '/bees/token', { body, token: null, headers: { 'content-type': type } })
      expect(answer.status).toBe(200)
      const { access_token: token } = answer.body as { access_token: string }
      expect((await app.request('GET', '/bees/all/maya', { token })).body).toEqual({ title: 'Maya' })
    }
  })
})

async function inParts(form: FormData): Promise<[body: string, type: string]> {
  const sent = new Request('http://localhost', { method: 'POST', body: form })
  return [await sent.text(), sent.headers.get('content-type') ?? '']
}

describe('a body', () => {
  test('in another form than the endpoint takes is refused with those that it does', async () => {
    const json = await app.request('POST', '/hive/bees/token', { body: {}, token: null })
    expect([json.status, json.body]).toEqual([415, { fault: `The body must be ${form} or multipart/form-data` }])
    const dropped = await app.request('DELETE', '/hive/bees/all/maya', { body: {} })
    expect([dropped.status, dropped.body]).toEqual([415, { fault: 'This takes no body' }])
  })

  test('in parts that is broken, or holds a file where a text belongs, is told so', async () => {
    const broken = { body: 'no parts', token: null, headers: { 'content-type': 'multipart/form-data; boundary=x' } }
    const answer = await app.request('POST', '/hive/bees/token', broken)
    expect([answer.status, answer.body]).toEqual([400, { fault: 'The body cannot be decoded as its headers say' }])
    const parts = new FormData()
    parts.set('username', new File(['maya'], 'maya.txt'))
    const [body, type] = await inParts(parts)
    const file = await app.request('POST', '/hive/bees/token', { body, token: null, headers: { 'content-type': type } })
    expect([file.status, file.body]).toEqual([400, { fault: 'username: a text is expected, not a file' }])
  })
})

test('faults are told in its words and with its statuses', async () => {
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(method, `/hive${path}`, body === undefined ? {} : { body })
    return [answer.status, answer.body]
  }
  expect(await ask('GET', '/bees/all/willi')).toEqual([404, { fault: 'That bee flew away' }])
  expect(await ask('POST', '/bees/all', { title: 'maya' })).toEqual([
    409,
    { fault: 'title: another agent is called Maya' }
  ])
  expect(await ask('POST', '/bees/all', { title: 'Flip', queen: 'kassandra' })).toEqual([
    400,
    { fault: 'queen: there is no agent kassandra' }
  ])
})

describe('another protocol in it', () => {
  const rpc = (token: string | null, method = 'count') =>
    app.request('POST', '/bees/rpc', { body: { id: 7, method }, token })

  test('is spoken for the caller, who sees what is theirs', async () => {
    expect((await rpc(key)).body).toEqual({ jsonrpc: '2.0', id: 7, result: await agentsOf(key) })
    const member = await join(app, 'member')
    const theirs = (await app.call(createKey, { body: { name: 'member' } }, member.token)).key
    const { body } = await app.request('POST', '/hive/bees/rpc', { body: { id: 1, method: 'count' }, token: theirs })
    expect(body).toEqual({ jsonrpc: '2.0', id: 1, result: 0 })
  })

  async function agentsOf(token: string): Promise<number> {
    const { body } = await app.request('GET', '/api/v1/agents', { token })
    return (body as { pagination: { total: number } }).pagination.total
  }

  test('comes in by the same door: credential, scope, parameters and limit', async () => {
    expect((await rpc(null)).body).toEqual({ fault: 'Authentication required' })
    const runner = (await app.call(createKey, { body: { name: 'r', scopes: ['runner'] } })).key
    expect((await app.request('POST', '/hive/bees/rpc', { body: {}, token: runner })).status).toBe(403)
    expect((await rpc(key, 'sting')).body).toEqual({ fault: 'method: one of count, stay is expected' })
    const other = (await app.call(createKey, { body: { name: 'busy' } })).key
    const statuses: number[] = []
    for (let n = 0; n < 21; n++)
      statuses.push(
        (await app.request('POST', '/hive/bees/rpc', { body: { id: n, method: 'count' }, token: other })).status
      )
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429])
  })

  test('ends when its credential does', async () => {
    const made = await app.call(createKey, { body: { name: 'short' } })
    const staying = await fetch(`${app.url}/hive/bees/rpc`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, method: 'stay' })
    })
    expect(staying.status).toBe(200)
    await app.call(deleteKey, { params: { id: made.id } })
    expect(await staying.text()).toBe('')
  })
})

describe('a WebSocket of it', () => {
  const connect = (path: string, token?: string) =>
    new WebSocket(app.url.replace('http', 'ws') + path, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` }
    })

  async function refusal(socket: WebSocket): Promise<[status: number, body: unknown]> {
    const [, answer] = (await once(socket, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { statusCode: number }
    ]
    const pieces: Buffer[] = []
    for await (const piece of answer) pieces.push(piece)
    return [answer.statusCode, JSON.parse(Buffer.concat(pieces).toString())]
  }

  test.each(['/hive/bees/buzz', '/bees/buzz'])('is open at %s, and closed when the key is revoked', async path => {
    const made = await app.call(createKey, { body: { name: 'listener' } })
    const socket = connect(`${path}?times=1`, made.key)
    const [said] = await once(socket, 'message')
    expect(String(said)).toMatch(/^\d+ bees$/)
    const closed = once(socket, 'close')
    await app.call(deleteKey, { params: { id: made.id } })
    expect((await closed)[0]).toBe(4401)
  })

  test('refuses in the shape of its face', async () => {
    expect(await refusal(connect('/bees/buzz'))).toEqual([401, { fault: 'Authentication required' }])
    expect(await refusal(connect('/hive/bees/buzz?times=9', app.ownerToken))).toEqual([
      400,
      { fault: 'times: must be at most 3' }
    ])
    const runner = (await app.call(createKey, { body: { name: 'r', scopes: ['runner'] } })).key
    expect((await refusal(connect('/hive/bees/buzz', runner)))[0]).toBe(403)
    expect(await refusal(connect('/hive/bees/hum', app.ownerToken))).toEqual([
      404,
      { fault: 'WebSockets are served at /bees/buzz' }
    ])
    expect((await refusal(connect('/fleetrun/api/buzz', app.ownerToken)))[0]).toBe(404)
  })
})
