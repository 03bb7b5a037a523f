import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, listKeys } from '#contract/people/keys'
import * as logins from '#contract/people/login'
import { deleteUser } from '#contract/people/users'
import { testClock } from '../kit/clock.ts'
import { join } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const clock = testClock()
let app: App

beforeAll(async () => {
  app = await startApp({ clock })
})
afterAll(() => app.close())

describe('keys', () => {
  test('have an owner and never more than the owner has', async () => {
    const member = await join(app, 'member')
    const refused = await app.request('POST', createKey.path, {
      token: member.token,
      body: { name: 'k', scopes: ['read', 'admin'] }
    })
    expect([refused.status, refused.error.field]).toEqual([403, 'scopes'])
    const made = await app.call(createKey, { body: { name: 'k', style: 'agentfleet' } }, member.token)
    expect([made.userId, made.scopes]).toEqual([member.id, ['read', 'write']])
  })

  test('that has expired opens nothing', async () => {
    const expiresAt = new Date(clock.now() + 60_000).toISOString()
    const { key } = await app.call(createKey, { body: { name: 'short', expiresAt } })
    clock.advance(59_999)
    expect((await app.request('GET', '/api/v1/runs', { token: key })).status).toBe(200)
    clock.advance(1)
    expect((await app.request('GET', '/api/v1/runs', { token: key })).status).toBe(401)
  })

  test('of others are not seen, and cannot be revoked', async () => {
    const [one, other] = [await join(app, 'member'), await join(app, 'member')]
    const { id } = await app.call(createKey, { body: { name: 'mine' } }, one.token)
    expect((await app.call(listKeys, {}, other.token)).data).toEqual([])
    expect((await app.request('DELETE', `/api/v1/keys/${id}`, { token: other.token })).status).toBe(404)
    expect((await app.call(listKeys)).data.some(key => key.id === id)).toBe(true)
  })

  test('that are limited do not rule the account of their person', async () => {
    const { key } = await app.call(createKey, { body: { name: 'small' } })
    for (const [method, path] of [
      ['PUT', '/api/v1/me'],
      ['POST', '/api/v1/keys'],
      ['POST', '/api/v1/auth/login-link'],
      ['POST', '/api/v1/auth/tokens'],
      ['POST', '/api/v1/auth/mfa/enrol'],
      ['GET', '/api/v1/sessions']
    ] as const) {
      const answer = await app.request(method, path, { token: key, ...(method === 'GET' ? {} : { body: {} }) })
      expect([path, answer.status]).toEqual([path, 403])
    }
  })

  test('of style fleece are 25', async () => {
    const most = 25
    const make = () => app.request('POST', createKey.path, { body: { name: 'f', style: 'fleece' } })
    const statuses: number[] = []
    for (let n = 0; n < most + 1; n++) statuses.push((await make()).status)
    expect(statuses).toEqual([...Array.from({ length: most }, () => 201), 409])
    expect((await make()).error.code).toBe('TOO_MANY_KEYS')
  })

  test('made under an Idempotency-Key are told again, and still lie nowhere in the data folder', async () => {
    const make = () =>
      app.request('POST', createKey.path, { body: { name: 'idem' }, headers: { 'idempotency-key': 'once' } })
    const [first, second] = [await make(), await make()]
    expect(second.text).toBe(first.text)
    const { key } = first.body as { key: string }
    for (const file of ['flotilla.db', 'flotilla.db-wal', 'logs/control-plane.log'])
      expect(readFileSync(joinPath(app.dataDir, file)).includes(key)).toBe(false)
  })
})

describe('what is open ends with its credential', () => {
  async function openStream(token: string) {
    const answer = await fetch(`${app.url}/api/v1/stream`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
    })
    expect(answer.status).toBe(200)
    return async () => {
      for await (const _ of answer.body ?? []);
      return 'ended'
    }
  }

  async function openSocket(token: string) {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/ws`, {
      headers: { authorization: `Bearer ${token}` }
    })
    await new Promise(resolve => socket.once('open', resolve))
    return { closed: new Promise<number>(resolve => socket.once('close', resolve)) }
  }

  test('a key that is revoked', async () => {
    const made = await app.call(createKey, { body: { name: 'stream' } })
    const [ended, { closed }] = [await openStream(made.key), await openSocket(made.key)]
    await app.request('DELETE', `/api/v1/keys/${made.id}`)
    expect(await ended()).toBe('ended')
    expect(await closed).toBe(4401)
  })

  test('a person who is removed, and a session that is ended', async () => {
    const [removed, out] = [await join(app, 'member'), await join(app, 'member')]
    const [first, second] = [await openStream(removed.token), await openStream(out.token)]
    await app.call(deleteUser, { params: { id: removed.id } })
    expect(await first()).toBe('ended')
    await app.call(logins.logout, {}, out.token)
    expect(await second()).toBe('ended')
  })
})
