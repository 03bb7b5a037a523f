import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, deleteKey, listKeys } from '#contract/people/keys'
import { createLoginLink } from '#contract/people/login'
import { launchRun } from '#contract/runs/runs'
import { type RawRequest, sendRaw } from '../kit/raw-request.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const key = async (scopes: string[], more: Record<string, unknown> = {}) =>
  await app.call(createKey, { body: { name: scopes.join(), scopes, ...more } })

const raw = (options: RawRequest) => sendRaw(app.url, options)

describe('a key', () => {
  test('with read looks and changes nothing', async () => {
    const { key: token } = await key(['read'])
    expect((await app.request('GET', '/api/v1/runs', { token })).status).toBe(200)
    expect((await app.request('POST', '/api/v1/runs', { token, body: { prompt: 'x' } })).status).toBe(403)
  })

  test('is shown once, then only by its first 12 characters, and never its hash', async () => {
    const made = await key(['read'])
    expect(made.key).toMatch(/^flt_live_[0-9a-f]{48}$/)
    const { text } = await app.request('GET', listKeys.path)
    expect(text).not.toContain(made.key.slice(13))
    const { data } = await app.call(listKeys)
    expect(data.find(row => row.id === made.id)).toMatchObject({ prefix: made.key.slice(0, 12) })
    expect(text).not.toContain('hash')
  })

  test.each([
    ['fleetrun', 'fr_live_'],
    ['fleece', 'flc_'],
    ['agentfleet', 'af_live_']
  ])('of style %s starts with %s and opens another face as well', async (style, prefix) => {
    const made = await app.call(createKey, { body: { name: style, style } })
    expect(made.key.startsWith(prefix)).toBe(true)
    for (const path of ['/agenfleet/api/agents', '/agentfleet/api/v1/runners'])
      expect((await app.request('GET', path, { token: made.key })).status).toBe(200)
  })

  test('stops at the very next request after it was revoked', async () => {
    const made = await key(['read'])
    await app.call(deleteKey, { params: { id: made.id } })
    expect((await app.request('GET', '/api/v1/runs', { token: made.key })).status).toBe(401)
    await expect(app.call(deleteKey, { params: { id: made.id } })).rejects.toThrow('NOT_FOUND')
  })

  test('that would be expired already is refused', async () => {
    const body = { name: 'old', expiresAt: '2020-01-01T00:00:00Z' }
    expect((await app.request('POST', createKey.path, { body })).error.field).toBe('expiresAt')
  })

  test('is limited to 600 requests a minute; the owner is not', async () => {
    const { key: token } = await key(['read'])
    const statuses = new Set<number>()
    let limited: Awaited<ReturnType<App['request']>> | null = null
    for (let n = 0; n < 620 && !limited; n++) {
      const answer = await app.request('GET', '/api/v1/me', { token })
      statuses.add(answer.status)
      if (answer.status === 429) limited = answer
    }
    expect([...statuses]).toEqual([200, 429])
    expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await app.request('GET', '/api/v1/me')).status).toBe(200)
  })
})

describe('the browser session', () => {
  test('a login link works once, sets a strict HttpOnly cookie and takes the token out of the address', async () => {
    const { url } = await app.call(createLoginLink)
    const first = await fetch(url, { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    const jar = cookie.split(';')[0] ?? ''
    const me = await raw({ path: '/api/v1/me', headers: { cookie: jar } })
    expect(JSON.parse(me.text)).toMatchObject({ kind: 'session', name: 'owner' })
    const second = await fetch(url, { redirect: 'manual' })
    expect(second.headers.get('set-cookie')).toBeNull()
    expect(second.headers.get('location')).toBe('/sign-in?link=spent')
    const out = await raw({
      method: 'POST',
      path: '/api/v1/auth/logout',
      headers: { cookie: jar, 'content-type': 'application/json' },
      body: '{}'
    })
    expect(out.status).toBe(200)
    expect((await raw({ path: '/api/v1/me', headers: { cookie: jar } })).status).toBe(401)
  })

  test('a session survives a restart, the owner token does not', async () => {
    const answer = await fetch(app.loginLink(), { redirect: 'manual' })
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const old = app.ownerToken
    await app.restart()
    expect((await raw({ path: '/api/v1/me', headers: { cookie } })).status).toBe(200)
    expect((await app.request('GET', '/api/v1/me', { token: old })).status).toBe(401)
  })
})

describe('a page of another site', () => {
  test.each(['evil.example', 'localhost.evil.example:80', '127.0.0.1.evil.example', '127.0.0.1:1'])(
    'cannot reach us under the name "%s"',
    async host => {
      const answer = await raw({ path: '/healthz', headers: { host } })
      expect(answer.status).toBe(421)
    }
  )

  test.each(['localhost', '127.0.0.1', '[::1]'])('%s is a name of ours', async name => {
    const { port } = new URL(app.url)
    expect((await raw({ path: '/healthz', headers: { host: `${name}:${port}` } })).status).toBe(200)
  })

  test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1'])(
    'of origin %s gets 403',
    async origin => {
      const answer = await raw({ path: '/healthz', headers: { origin } })
      expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([403, 'CROSS_SITE'])
    }
  )

  test.each(['localhost', '127.0.0.1', '[::1]'])(
    'of another scheme is another site, on our own name %s and port',
    async name => {
      const { port } = new URL(app.url)
      const status = async (scheme: string) =>
        (await raw({ path: '/healthz', headers: { origin: `${scheme}://${name}:${port}` } })).status
      expect(await Promise.all(['http', 'HTTP', 'https', 'ws', 'chrome-extension'].map(status))).toEqual([
        200, 200, 403, 403, 403
      ])
    }
  )

  test.each(['cross-site', 'same-site'])('whose request the browser calls %s gets 403', async site => {
    const answer = await raw({ path: '/api/v1/runs', headers: { 'sec-fetch-site': site } })
    expect(answer.status).toBe(403)
  })

  test('may link to us, and send us no form', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' }
    expect((await raw({ path: '/runs', headers })).status).not.toBe(403)
    const sent = await raw({ method: 'POST', path: '/api/v1/runs', headers })
    expect([sent.status, JSON.parse(sent.text).error.code]).toEqual([403, 'CROSS_SITE'])
  })

  test('gets no CORS headers', async () => {
    const { headers } = await raw({ path: '/healthz' })
    expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
  })
})

describe('every answer', () => {
  test('of an unknown path is 404 in our shape, of a wrong method 405 with Allow', async () => {
    const missing = await app.request('GET', '/api/v1/nothing', { headers: { accept: 'application/json' } })
    expect([missing.status, missing.error.code]).toEqual([404, 'NOT_FOUND'])
    const wrong = await app.request('PUT', '/api/v1/runs', { body: {} })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  })

  test('to a body over 10 MiB is 413', async () => {
    const body = JSON.stringify({ prompt: 'x'.repeat(10 * 1024 * 1024) })
    const answer = await app.request('POST', '/api/v1/runs', { body })
    expect([answer.status, answer.error.code]).toEqual([413, 'TOO_LARGE'])
  })

  test('to a body of somebody unknown does not depend on what is in it', async () => {
    for (const body of ['{}', '{"half":', JSON.stringify({ prompt: 'x'.repeat(11 * 1024 * 1024) })])
      expect((await app.request('POST', launchRun.path, { token: null, body })).status).toBe(401)
  })

  test.each(['/api/v1/runs', '/api/v1/me', '/api/v1/secrets', '/fleetrun/api/agents', '/api/v1/audit/export'])(
    'of %s is kept by no cache',
    async path => {
      expect((await app.request('GET', path)).headers.get('cache-control')).toBe('no-store')
    }
  )

  test('carries the headers that keep a browser safe', async () => {
    const { headers } = await app.request('GET', '/healthz', { token: null })
    expect(headers.get('content-security-policy')).toMatch(/(^|; )script-src 'self'(;|$)/)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  test('to a path that is not encoded correctly is 400, without a stack', async () => {
    const answer = await raw({ path: '/api/v1/runs/%E0%A4%A', headers: { authorization: `Bearer ${app.ownerToken}` } })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('at ')
  })
})

describe('sent again', () => {
  test('with the same Idempotency-Key a launch happens once', async () => {
    const send = (prompt: string, key: string) =>
      app.request('POST', launchRun.path, { body: { prompt }, headers: { 'idempotency-key': key } })
    const [first, second] = await Promise.all([send('once', 'k1'), send('once', 'k1')])
    expect(first.status).toBe(201)
    expect(second.body).toEqual(first.body)
    const other = await send('else', 'k1')
    expect([other.status, other.error.code]).toEqual([409, 'IDEMPOTENCY_MISMATCH'])
    expect((await send('once', 'k2')).text).not.toBe(first.text)
  })

  test('a launch that failed may be tried again under the same key', async () => {
    const send = (body: unknown) => app.request('POST', launchRun.path, { body, headers: { 'idempotency-key': 'k3' } })
    expect((await send({})).status).toBe(400)
    expect((await send({ prompt: 'better' })).status).toBe(201)
  })
})

describe('an ETag', () => {
  test('answers 304 while nothing changed, and guards a change by If-Match', async () => {
    const run = await app.call(launchRun, { body: { prompt: 'etag' } })
    const path = `/api/v1/runs/${run.id}`
    const tag = (await app.request('GET', path)).headers.get('etag') ?? ''
    expect((await app.request('GET', path, { headers: { 'if-none-match': tag } })).status).toBe(304)
    const change = (ifMatch: string) =>
      app.request('PATCH', path, { body: { permissionMode: 'plan' }, headers: { 'if-match': ifMatch } })
    expect((await change(tag)).status).toBe(200)
    const late = await change(tag)
    expect([late.status, late.error.code]).toEqual([412, 'PRECONDITION_FAILED'])
    expect((await app.request('GET', path, { headers: { 'if-none-match': tag } })).status).toBe(200)
  })
})
