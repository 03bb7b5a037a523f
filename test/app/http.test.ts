import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLoginLink, getMe } from '#contract/people/login'
import { launchRun } from '#contract/runs/runs'
import { screens } from '#contract/screens'
import { readStream } from '../kit/events.ts'
import { sendBytes, sendRaw } from '../kit/raw-request.ts'
import { type App, startApp, testConfig } from '../kit/start-app.ts'

let app: App
let runId: string

beforeAll(async () => {
  app = await startApp()
  runId = (await app.call(launchRun, { body: { prompt: 'x' } })).id
})
afterAll(() => app.close())

const host = () => new URL(app.url).host
const signed = () => ({ authorization: `Bearer ${app.ownerToken}` })
const codeOf = (text: string) => (JSON.parse(text) as { error: { code: string } }).error.code

describe('a body', () => {
  const launch = (body: Buffer | string, encoding: string) =>
    sendRaw(app.url, {
      method: 'POST',
      path: launchRun.path,
      headers: { ...signed(), 'content-type': 'application/json', 'content-encoding': encoding },
      body
    })

  test.each([
    ['gzip', 'this is no gzip'],
    ['gzip', gzipSync('{"prompt":"x"}').subarray(0, 12)],
    ['deflate', '{"prompt":"x"}'],
    ['br', '{"prompt":"x"}']
  ])('that is not %s, though it says so, is 400', async (encoding, body) => {
    const answer = await launch(body, encoding)
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'INVALID_REQUEST'])
  })

  test('that is gzip as it says is read', async () => {
    expect((await launch(gzipSync('{"prompt":"x"}'), 'gzip')).status).toBe(201)
  })

  test('in an encoding that nobody knows is 415', async () => {
    expect((await launch('x', 'rot13')).status).toBe(415)
  })

  test.each([[[]], [['Content-Type: text/plain']]])(
    'in chunks, of which there are none, is no body (%j)',
    async more => {
      const lines = [
        `POST /api/v1/runs/${runId}/cancel HTTP/1.1`,
        `Host: ${host()}`,
        `Authorization: Bearer ${app.ownerToken}`,
        'Transfer-Encoding: chunked',
        'Connection: close',
        ...more,
        '',
        '0\r\n\r\n'
      ]
      expect((await sendBytes(app.url, lines)).status).toBe(200)
    }
  )

  test.each([
    [[]],
    [['Content-Type: text/plain']],
    [['Content-Type: application/x-www-form-urlencoded']],
    [['Content-Type: multipart/form-data; boundary=x']]
  ])('in chunks, of which there are some, must say that it is JSON (%j)', async more => {
    const lines = [
      `POST /api/v1/runs/${runId}/cancel HTTP/1.1`,
      `Host: ${host()}`,
      `Authorization: Bearer ${app.ownerToken}`,
      'Transfer-Encoding: chunked',
      'Connection: close',
      ...more,
      '',
      '2\r\n{}\r\n0\r\n\r\n'
    ]
    expect((await sendBytes(app.url, lines)).status).toBe(415)
  })
})

describe('a file of the UI', () => {
  test.each(['/', '/docs/', '/docs/docs.js', '/icon.svg'])('%s is not longer than it is', async path => {
    const answer = await sendRaw(app.url, { path, headers: { range: 'bytes=99999999-' } })
    expect([answer.status, codeOf(answer.text)]).toEqual([416, 'RANGE_NOT_SATISFIABLE'])
    expect(answer.headers['content-range']).toMatch(/^bytes \*\/\d+$/)
  })

  test.each([
    ['/', { 'if-match': '"other"' }],
    ['/docs/', { 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }],
    ['/docs/docs.js', { 'if-match': '"other"' }]
  ])('%s on a condition that does not hold is 412', async (path, headers) => {
    const answer = await sendRaw(app.url, { path, headers })
    expect([answer.status, codeOf(answer.text)]).toEqual([412, 'PRECONDITION_FAILED'])
  })

  test('is sent in part where that is asked for', async () => {
    const answer = await sendRaw(app.url, { path: '/docs/docs.js', headers: { range: 'bytes=0-9' } })
    expect([answer.status, answer.text.length]).toEqual([206, 10])
  })
})

describe('an offer to speak something else', () => {
  test.each(['h2c', 'TLS/1.2', 'foo/2'])('%s is passed over', async upgrade => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade, 'http2-settings': 'AAMAAABk' }
    expect((await sendRaw(app.url, { path: '/healthz', headers })).status).toBe(200)
    expect((await sendRaw(app.url, { path: getMe.path, headers: { ...headers, ...signed() } })).status).toBe(200)
  })

  test.each(['//x:99999999/', 'http://x:99999999/', '//[/'])(
    'for a WebSocket at %s is 400 with a request id',
    async target => {
      const answer = await sendBytes(app.url, [
        `GET ${target} HTTP/1.1`,
        `Host: ${host()}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '',
        ''
      ])
      expect([answer.status, codeOf(answer.text)]).toEqual([400, 'INVALID_REQUEST'])
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    }
  )
})

describe('an unknown path', () => {
  const unknown = ['/api', '/api/nothing', '/API/v1/runs', '/Api/nothing', '//api/v1/runs', '/api/v1/nothing', '/mcp']
  const elsewhere = ['/nothing', '/runsx', '/assets/none.js', '/fleetrunx']

  test.each([...unknown, ...elsewhere])('%s is 404 whatever is accepted', async path => {
    for (const accept of ['*/*', 'text/html', 'application/json', undefined]) {
      const answer = await sendRaw(app.url, { path, headers: accept === undefined ? {} : { accept } })
      expect([answer.status, codeOf(answer.text)]).toEqual([404, 'NOT_FOUND'])
    }
  })

  test.each(['/fleetrun', '/fleetrun/nothing', '/FleetRun/api/tasks', '/agenfleet/runs', '//agenfleet/api'])(
    '%s is 404 in the shape of the face whatever is accepted',
    async path => {
      for (const accept of ['*/*', 'text/html']) {
        const answer = await sendRaw(app.url, { path, headers: { accept } })
        expect(answer.status).toBe(404)
        expect(JSON.parse(answer.text)).toEqual({ error: expect.any(String) })
      }
    }
  )

  test.each(['/', '/runs', '/runs/some-run', '/approvals', '/sign-in?link=spent'])(
    '%s is the page of the UI',
    async path => {
      const answer = await sendRaw(app.url, { path, headers: { accept: 'text/html' } })
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    }
  )
})

test('every path of the UI is one that the server answers', () => {
  const features = join(import.meta.dirname, '../../renderer/features')
  const declared = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter(file =>
    /screens?\.ts$/.test(file)
  )
  const paths = declared.flatMap(file =>
    [...readFileSync(join(features, file), 'utf8').matchAll(/'(\/[^']*)': /g)].map(match => match[1] ?? '')
  )
  expect(paths.length).toBeGreaterThan(3)
  const unknown = paths.filter(path => path !== '/' && !screens.some(screen => `${path}/`.startsWith(`${screen}/`)))
  expect(unknown).toEqual([])
})

describe('a wrong method', () => {
  test.each(['/openapi.json', '/fleetrun/openapi.json', '/docs', '/agenfleet/docs', '/', '/runs/x'])(
    'on the public page %s is 405',
    async path => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const answer = await sendRaw(app.url, { method, path })
        expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
      }
    }
  )
})

describe('HEAD', () => {
  const stream = { ...{ accept: 'text/event-stream' } }

  test.each([
    () => '/api/v1/stream',
    () => `/api/v1/runs/${runId}/events`,
    () => '/api/v1/audit/export?format=csv',
    () => '/api/v1/audit/export'
  ])('of a stream answers and ends', async path => {
    const answer = await sendRaw(app.url, { method: 'HEAD', path: path(), headers: { ...signed(), ...stream } })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  test('of a list says how long it is', async () => {
    const head = await sendRaw(app.url, { method: 'HEAD', path: '/api/v1/agents', headers: signed() })
    const got = await sendRaw(app.url, { path: '/api/v1/agents', headers: signed() })
    expect([head.status, head.headers['content-length']]).toEqual([200, got.headers['content-length']])
  })

  test('of a login link does not spend it', async () => {
    const { url } = await app.call(createLoginLink)
    const { pathname, search } = new URL(url)
    const path = pathname + search
    for (let n = 0; n < 2; n++) {
      const head = await sendRaw(app.url, { method: 'HEAD', path })
      expect([head.status, head.headers['set-cookie']]).toEqual([200, undefined])
    }
    expect((await sendRaw(app.url, { path })).headers['set-cookie']).toHaveLength(1)
  })
})

describe('a name of ours', () => {
  const answers = async (of: App, name: string, headers: Record<string, string> = {}) =>
    (await sendRaw(of.url, { path: '/healthz', headers: { host: name, ...headers } })).status

  test.each(['LOCALHOST', 'LocalHost'])('%s is the one of this computer, in any case', async name => {
    const port = new URL(app.url).port
    expect(await answers(app, `${name}:${port}`, { origin: `http://${name}:${port}` })).toBe(200)
  })

  test.each(['LOCALHOST', '[::1]', '127.0.0.1'])('--host %s stays on this computer', async name => {
    const own = await startApp({ args: ['--host', name] })
    const { port } = new URL(own.url)
    expect((await fetch(`${own.url}/healthz`)).status).toBe(200)
    if (!name.startsWith('[')) expect(await answers(own, `${name}:${port}`)).toBe(200)
    await own.close()
  })

  test('of a proxy in front works on its own ports, with TLS or without', async () => {
    const own = await startApp({ args: ['--host-names', 'Fleet.Example,other.example:8443'] })
    const { port } = new URL(own.url)
    for (const name of ['fleet.example', 'FLEET.example:80', 'fleet.example:443', `fleet.example:${port}`])
      expect([name, await answers(own, name)]).toEqual([name, 200])
    for (const origin of ['https://fleet.example', 'http://fleet.example', 'https://other.example:8443'])
      expect([origin, await answers(own, 'fleet.example', { origin })]).toEqual([origin, 200])
    expect(await answers(own, 'other.example:8443')).toBe(200)
    for (const name of ['other.example', `other.example:${port}`, 'fleet.example:81', 'x.fleet.example'])
      expect([name, await answers(own, name)]).toEqual([name, 421])
    expect(await answers(own, 'fleet.example', { origin: 'https://evil.example' })).toBe(403)
    await own.close()
  })

  test.each(['https://fleet.example', 'a/b', 'a:0', 'a:99999', 'a:b', '*', 'a b'])(
    '--host-names %s is refused at start',
    names => expect(() => testConfig('/tmp', { args: ['--host-names', names] })).toThrow('--host-names takes')
  )

  test('is named once', async () => {
    const lines = ['GET /healthz HTTP/1.1', `Host: ${host()}`, 'Host: evil.example', 'Connection: close', '', '']
    const answer = await sendBytes(app.url, lines)
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'INVALID_REQUEST'])
    const same = ['GET /healthz HTTP/1.1', `Host: ${host()}`, `HOST: ${host()}`, 'Connection: close', '', '']
    expect((await sendBytes(app.url, same)).status).toBe(400)
  })
})

describe('a number that is none', () => {
  test.each(['limit=', 'limit=0x10', 'limit=1e2', 'limit=%205', 'limit=5.0', 'limit=0', 'offset=', 'offset=+1'])(
    '%s is 400 by its name',
    async query => {
      const answer = await app.request('GET', `/api/v1/runs?${query}`)
      expect([answer.status, answer.error.field]).toEqual([400, query.split('=')[0]])
    }
  )

  test.each(['after=', 'after=0x1', 'after=-1'])('%s does not replay a stream from its start', async query => {
    for (const path of ['/api/v1/stream', `/api/v1/runs/${runId}/events`]) {
      const answer = await sendRaw(app.url, {
        path: `${path}?${query}`,
        headers: { ...signed(), accept: 'text/event-stream' }
      })
      expect(answer.status).toBe(400)
    }
  })

  test.each(['', 'x', '1e1', '-1'])('Last-Event-ID "%s" says nothing of where to resume', async id => {
    const { data } = (await app.request('GET', '/api/v1/stream?after=0')).body as { data: { seq: number }[] }
    const last = data.at(-1)?.seq ?? 0
    const frames = readStream(app, `/api/v1/stream?after=${last}`, () => true, { 'last-event-id': id })
    await app.call(launchRun, { body: { prompt: 'next' } })
    expect(Number((await frames)[0]?.id)).toBe(last + 1)
  })
})

test('a stray cookie of our name does not lock the browser out', async () => {
  const answer = await fetch(app.loginLink(), { redirect: 'manual' })
  const good = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const [name] = good.split('=')
  for (const cookie of [`${name}=stray; ${good}`, `${name}=; ${name}=x; ${good}; ${name}=y`, `other=1; ${good}`])
    expect((await sendRaw(app.url, { path: getMe.path, headers: { cookie } })).status).toBe(200)
  expect((await sendRaw(app.url, { path: getMe.path, headers: { cookie: `${name}=stray` } })).status).toBe(401)
})
