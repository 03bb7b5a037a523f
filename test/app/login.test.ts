import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { createKey } from '#contract/people/keys'
import * as logins from '#contract/people/login'
import { changeUser, createUser, deleteUser } from '#contract/people/users'
import { testClock } from '../kit/clock.ts'
import { addPerson, join, type Person, tokenOf } from '../kit/people.ts'
import { sendBytes } from '../kit/raw-request.ts'
import { type App, startApp } from '../kit/start-app.ts'

const clock = testClock()
let app: App
let ada: Person

beforeAll(async () => {
  app = await startApp({ clock, args: ['--limits', 'login-address=0'] })
  ada = await addPerson(app, 'member')
})
afterAll(() => app.close())

const attempt = (email: string, password: string) =>
  app.request('POST', logins.login.path, { token: null, body: { email, password } })
const me = (token: string) => app.request('GET', '/api/v1/me', { token })
/** Nobody's window of failures may reach into the next test. */
const later = () => clock.advance(16 * 60_000)

describe('a login', () => {
  test('gives a browser its cookie, and no token to scripts of the page', async () => {
    const answer = await attempt(ada.email, ada.password)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ mfaRequired: false, token: null, user: { id: ada.id, role: 'member' } })
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    const mine = await app.request('GET', '/api/v1/me', {
      token: null,
      headers: { cookie: cookie.split(';')[0] ?? '' }
    })
    expect(mine.body).toMatchObject({ kind: 'session', name: ada.name, scopes: ['read', 'write'] })
  })

  test('gives a token when asked for one, for twelve hours', async () => {
    const token = await tokenOf(app, ada)
    expect((await me(token)).body).toMatchObject({ kind: 'token', user: { id: ada.id } })
    const [, payload = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    expect(claims).toMatchObject({ iss: 'flotilla', sub: ada.id, face: 'native' })
    expect(claims.exp - claims.iat).toBe(12 * 3600)
  })

  test('takes an email in any case', async () => {
    expect((await attempt(` ${ada.email.toUpperCase()} `, ada.password)).status).toBe(200)
  })

  test.each([
    [{}, 'email'],
    [{ email: 'a@b.c' }, 'password'],
    [{ email: 7, password: 'x' }, 'email'],
    [{ email: 'a@b.c', password: ['x'] }, 'password'],
    [{ email: 'a@b.c', password: 'x'.repeat(300) }, 'password']
  ])('of %j is refused by the name of the field', async (body, field) => {
    const answer = await app.request('POST', logins.login.path, { token: null, body })
    expect([answer.status, answer.error.field]).toEqual([400, field])
  })

  test('that fails is written down, without what was tried', async () => {
    await attempt('somebody@example.com', 'a guess that stays here')
    const { data } = await app.call(listAudit, { query: { limit: 1, type: 'session' } })
    expect(data[0]).toMatchObject({ outcome: 'refused', actor: { kind: 'visitor', ip: '127.0.0.1' } })
    expect(JSON.stringify(data)).not.toContain('guess')
    expect(JSON.stringify(data)).not.toContain('somebody')
  })
})

describe('who guesses', () => {
  test('hears the same for an unknown email, a wrong password and a person without one', async () => {
    const { email } = await app.call(createUser, { body: { email: 'silent@example.com' } })
    const answers = await Promise.all([
      attempt('nobody@example.com', 'wrong password'),
      attempt(ada.email, 'wrong password'),
      attempt(email, 'wrong password'),
      attempt('owner@localhost', 'wrong password')
    ])
    expect(new Set(answers.map(answer => `${answer.status} ${answer.text}`)).size).toBe(1)
    expect([answers[0]?.status, answers[0]?.error.code]).toEqual([401, 'UNAUTHORIZED'])
    later()
  })

  test('learns nothing from the time that it takes', async () => {
    const took = async (email: string) => {
      const started = performance.now()
      await attempt(email, 'wrong password')
      return performance.now() - started
    }
    // In turn, and the quickest of each: what else the machine does makes both slow.
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let n = 0; n < 9; n++) {
      known.push(await took(ada.email))
      unknown.push(await took('nobody@example.com'))
    }
    const [one, other] = [Math.min(...known), Math.min(...unknown)]
    // Without the hash for nobody it would be an order of magnitude.
    expect(Math.max(one, other) / Math.min(one, other)).toBeLessThan(3)
    later()
  })

  test('gets ten tries for an email, known or not, even if the eleventh were right', async () => {
    for (const email of [ada.email, 'unknown@example.com']) {
      const statuses: number[] = []
      for (let n = 0; n < 10; n++) statuses.push((await attempt(email, `guess ${n}`)).status)
      expect(new Set(statuses)).toEqual(new Set([401]))
      const right = await attempt(email, ada.password)
      expect([right.status, right.error.code]).toEqual([429, 'RATE_LIMITED'])
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    await app.restart()
    expect((await attempt(ada.email, ada.password)).status).toBe(429)
    later()
    expect((await attempt(ada.email, ada.password)).status).toBe(200)
  })

  test('gets no more of them at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => attempt('burst@example.com', `guess ${n}`)))
    expect(answers.filter(answer => answer.status === 401).length).toBe(10)
    later()
  })

  test('gets not even the right one, once ten were wrong before it was looked at', async () => {
    // All on one connection, in one piece: each is under way before the first was looked at, the right one as the last.
    const tries = [...Array.from({ length: 20 }, (_, n) => `guess ${n}`), ada.password]
    const lines = tries.flatMap((password, n) => {
      const body = JSON.stringify({ email: ada.email, password })
      return [
        `POST ${logins.login.path} HTTP/1.1`,
        `Host: ${new URL(app.url).host}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        `Connection: ${n < tries.length - 1 ? 'keep-alive' : 'close'}`,
        '',
        body
      ]
    })
    const { status, text } = await sendBytes(app.url, lines)
    const statuses = [status, ...Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, code]) => Number(code))]
    expect([statuses.length, statuses.at(-1)]).toEqual([tries.length, 429])
    expect(statuses.filter(code => code === 401)).toHaveLength(10)
    later()
    expect((await attempt(ada.email, ada.password)).status).toBe(200)
  })

  test('one password of many persons is stopped by the address', async () => {
    const plane = await startApp({ clock })
    try {
      const statuses: number[] = []
      for (let n = 0; n < 31; n++) {
        const body = { email: `person${n}@example.com`, password: 'Winter2026' }
        statuses.push((await plane.request('POST', logins.login.path, { token: null, body })).status)
      }
      expect([statuses.slice(0, 30).every(status => status === 401), statuses[30]]).toEqual([true, 429])
    } finally {
      await plane.close()
    }
  })

  test('with somebody’s session gets ten tries for the password', async () => {
    const { token, password } = await join(app, 'member')
    const change = (currentPassword: string) =>
      app.request('PUT', logins.changeMe.path, { token, body: { password: 'taken over', currentPassword } })
    const statuses: number[] = []
    for (let n = 0; n < 10; n++) statuses.push((await change(`guess ${n}`)).status)
    expect(new Set(statuses)).toEqual(new Set([403]))
    expect((await change(password)).status).toBe(429)
    later()
    expect((await change(password)).status).toBe(200)
  })

  test('more than the thread for passwords can take are told to come back', async () => {
    const body = { email: 'queue@example.com', password: 'x' }
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => app.request('POST', logins.login.path, { token: null, body }))
    )
    const refused = answers.filter(answer => answer.status === 429)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    later()
  })
})

describe('a token', () => {
  const parts = (token: string) => token.split('.') as [string, string, string]
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

  test('that was tampered with is refused, whatever was changed', async () => {
    const [head, payload, signature] = parts(await tokenOf(app, ada))
    const owner = (await app.call(logins.getMe)).user.id
    const claims = decode(payload)
    const signed = (data: string, key: string) => createHmac('sha256', key).update(data).digest('base64url')
    const none = encode({ alg: 'none', typ: 'JWT' })
    for (const forged of [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${encode({ alg: 'None' })}.${payload}.`,
      `${head}.${encode({ ...claims, sub: owner })}.${signature}`,
      `${head}.${encode({ ...claims, exp: Number(claims.exp) + 1e6 })}.${signature}`,
      `${head}.${payload}.${signed(`${head}.${payload}`, 'secret')}`,
      `${head}.${payload}.${signed(`${head}.${payload}`, '')}`,
      `${encode({ alg: 'HS512', typ: 'JWT' })}.${payload}.${signature}`,
      `${encode({ alg: 'RS256', typ: 'JWT' })}.${payload}.${signature}`,
      `${head}.${payload}.`,
      `${head}..${signature}`,
      `${head}.${payload}.${signature.slice(0, -4)}AAAA`
    ]) {
      const answer = await me(forged)
      expect([answer.status, answer.error.code]).toEqual([401, 'UNAUTHORIZED'])
    }
  })

  test('of another installation is refused', async () => {
    const other = await startApp({ clock })
    try {
      const stranger = await join(other, 'admin')
      expect((await me(stranger.token)).status).toBe(401)
    } finally {
      await other.close()
    }
  })

  test('expires', async () => {
    const token = await tokenOf(app, ada)
    clock.advance(12 * 3_600_000 - 1000)
    expect((await me(token)).status).toBe(200)
    clock.advance(2000)
    expect((await me(token)).status).toBe(401)
  })

  test('survives a restart', async () => {
    const token = await tokenOf(app, ada)
    await app.restart()
    expect((await me(token)).status).toBe(200)
  })

  test('can be made for the clients of a face', async () => {
    const { token } = await app.call(logins.createToken, { body: { face: 'agenfleet' } })
    expect(decode(parts(token)[1])).toMatchObject({ face: 'agenfleet' })
    expect((await me(token)).body).toMatchObject({ kind: 'token', user: { role: 'owner' } })
  })
})

describe('sessions', () => {
  test('of a browser ends thirty days after its last use', async () => {
    const answer = await attempt(ada.email, ada.password)
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const use = async () => (await app.request('GET', '/api/v1/me', { token: null, headers: { cookie } })).status
    const day = 24 * 3_600_000
    clock.advance(29 * day)
    expect(await use()).toBe(200)
    // What was used is written down by the way.
    const expiry = async () => (await app.call(logins.listSessions, { query: { userId: ada.id } })).data[0]?.expiresAt
    await expect.poll(expiry).toBe(new Date(clock.now() + 30 * day).toISOString())
    clock.advance(30 * day - 1)
    expect(await use()).toBe(200)
    clock.advance(31 * day)
    expect(await use()).toBe(401)
  })

  test('are listed, and end one by one', async () => {
    const first = await join(app, 'member')
    const second = await tokenOf(app, first)
    const { data } = await app.call(logins.listSessions, {}, first.token)
    expect(data.map(one => [one.kind, one.face, one.current])).toEqual([
      ['token', 'native', false],
      ['token', 'native', true]
    ])
    await app.call(logins.deleteSession, { params: { id: data[0]?.id ?? '' } }, first.token)
    expect([(await me(first.token)).status, (await me(second)).status]).toEqual([200, 401])
    await app.call(logins.logout, {}, first.token)
    expect((await me(first.token)).status).toBe(401)
  })

  test('of others are nobody’s business but an admin’s', async () => {
    const [person, other, admin] = [await join(app, 'member'), await join(app, 'member'), await join(app, 'admin')]
    const id = (await app.call(logins.listSessions, {}, person.token)).data[0]?.id ?? ''
    expect((await app.request('GET', `/api/v1/sessions?userId=${person.id}`, { token: other.token })).status).toBe(404)
    expect((await app.request('DELETE', `/api/v1/sessions/${id}`, { token: other.token })).status).toBe(404)
    const seen = await app.call(logins.listSessions, { query: { userId: person.id } }, admin.token)
    expect(seen.data.map(one => one.id)).toEqual([id])
    await app.call(logins.deleteSession, { params: { id } }, admin.token)
    expect((await me(person.token)).status).toBe(401)
  })

  test('end when the password changes, but for the one that changed it', async () => {
    const person = await join(app, 'viewer')
    const other = await tokenOf(app, person)
    const body = { password: 'a new password', currentPassword: person.password }
    await app.call(logins.changeMe, { body }, person.token)
    expect([(await me(person.token)).status, (await me(other)).status]).toEqual([200, 401])
    expect((await attempt(person.email, person.password)).status).toBe(401)
    expect((await attempt(person.email, 'a new password')).status).toBe(200)
  })

  test('and keys stop in the next request after their person was removed', async () => {
    const person = await join(app, 'member')
    const { key } = await app.call(createKey, { body: { name: 'k' } }, person.token)
    expect((await me(key)).status).toBe(200)
    await app.call(deleteUser, { params: { id: person.id } })
    expect([(await me(person.token)).status, (await me(key)).status]).toEqual([401, 401])
  })
})

describe('roles', () => {
  test('a viewer looks and does nothing else, a member does not manage people', async () => {
    const [viewer, member, admin] = [await join(app, 'viewer'), await join(app, 'member'), await join(app, 'admin')]
    const create = (token: string) =>
      app.request('POST', '/api/v1/agents', { token, body: { name: `of ${token.slice(-8)}` } })
    expect((await app.request('GET', '/api/v1/agents', { token: viewer.token })).status).toBe(200)
    expect((await create(viewer.token)).status).toBe(403)
    expect((await create(member.token)).status).toBe(201)
    for (const [token, status] of [
      [viewer.token, 403],
      [member.token, 403],
      [admin.token, 200]
    ] as const)
      expect((await app.request('GET', '/api/v1/users', { token })).status).toBe(status)
  })

  test('an admin makes no owner, and touches none', async () => {
    const admin = await join(app, 'admin')
    const owner = (await app.call(logins.getMe)).user
    const tries = [
      app.request('POST', '/api/v1/users', { token: admin.token, body: { email: 'up@example.com', role: 'owner' } }),
      app.request('PATCH', `/api/v1/users/${admin.id}`, { token: admin.token, body: { role: 'owner' } }),
      app.request('PATCH', `/api/v1/users/${owner.id}`, { token: admin.token, body: { password: 'taken over' } }),
      app.request('DELETE', `/api/v1/users/${owner.id}`, { token: admin.token })
    ]
    for (const answer of await Promise.all(tries)) expect(answer.status).toBe(403)
  })

  test('a new role counts from the next request on, for keys too', async () => {
    const person = await join(app, 'admin')
    const { key } = await app.call(createKey, { body: { name: 'k', scopes: ['read', 'admin'] } }, person.token)
    expect((await app.request('GET', '/api/v1/users', { token: key })).status).toBe(200)
    await app.call(changeUser, { params: { id: person.id }, body: { role: 'viewer' } })
    expect((await app.request('GET', '/api/v1/users', { token: key })).status).toBe(403)
    expect((await app.request('GET', '/api/v1/users', { token: person.token })).status).toBe(403)
    expect((await me(key)).body).toMatchObject({ scopes: ['read'] })
  })
})
