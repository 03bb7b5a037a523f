import { createServer, request as plainRequest, type Server } from 'node:http'
import { request as sealedRequest } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certificateOf } from '../../test/kit/certificates.ts'
import type { Pems } from '../certificate/certificate.ts'
import { isFromHere, isSealed } from './connection.ts'
import { onePort } from './one-port.ts'

let server: Server
let port: number
let next: Pems | null = null
/** As the server sees who calls. */
let caller: string | null = null

async function listen(insecureHttp = false): Promise<Pems> {
  const first = await certificateOf('localhost', '127.0.0.1')
  server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', piece => pieces.push(piece))
    request.on('end', () => response.end(`${isSealed(request) ? 'sealed' : 'plain'} ${Buffer.concat(pieces)}`))
  })
  server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  )
  onePort(server, { pems: first, pin: null, renewed: async () => next }, { insecureHttp })
  server.prependListener('connection', socket => {
    if (caller !== null) Object.defineProperty(socket, 'remoteAddress', { value: caller })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  return first
}

beforeEach(() => {
  next = null
  caller = null
})
afterEach(() => new Promise(resolve => void server.close(resolve).closeAllConnections()))

function ask(scheme: 'http' | 'https', options: { ca?: string; body?: string; headers?: Record<string, string> } = {}) {
  const { body = '', ...others } = options
  const request = scheme === 'https' ? sealedRequest : plainRequest
  return new Promise<string>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method: 'POST', agent: false, ...others }, answer => {
      let text = ''
      answer.on('data', piece => (text += piece))
      answer.on('end', () => resolve(`${answer.statusCode} ${text}`))
    })
    sent.on('upgrade', (_answer, socket) => {
      socket.destroy()
      resolve('upgraded')
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test('plain and sealed requests are answered side by side, long ones and upgrades too', async () => {
  const { cert } = await listen()
  const body = 'x'.repeat(300_000)
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
  const [plain, sealed, ...upgraded] = await Promise.all([
    ask('http', { body }),
    ask('https', { ca: cert, body }),
    ask('http', { headers: upgrade }),
    ask('https', { ca: cert, headers: upgrade })
  ])
  expect(plain === `200 plain ${body}`).toBe(true)
  expect(sealed === `200 sealed ${body}`).toBe(true)
  expect(upgraded).toEqual(['upgraded', 'upgraded'])
})

test('from elsewhere plain HTTP is refused before anything of it is read, and TLS is not', async () => {
  const { cert } = await listen()
  caller = '203.0.113.9'
  expect(await ask('http', { body: 'secret' })).toMatch(/^426 .*TLS_REQUIRED/)
  expect(await ask('https', { ca: cert })).toBe('200 sealed ')
})

test('where its user means it plain HTTP is taken from elsewhere', async () => {
  await listen(true)
  caller = '203.0.113.9'
  expect(await ask('http')).toBe('200 plain ')
})

test('the next connection finds the renewed certificate', async () => {
  const { cert } = await listen()
  next = await certificateOf('localhost', '127.0.0.1')
  await ask('https', { ca: cert })
  expect(await ask('https', { ca: next.cert })).toBe('200 sealed ')
  await expect(ask('https', { ca: cert })).rejects.toThrow()
})

test('who speaks neither, or nothing whole, ends nothing but its own connection', async () => {
  const { cert } = await listen()
  for (const bytes of [
    Buffer.from([0x16]),
    Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]),
    Buffer.from('\0\0'),
    null
  ]) {
    const socket = connect(port, '127.0.0.1')
    await new Promise<void>(resolve => {
      socket.resume().on('error', () => {})
      socket.on('close', () => resolve())
      socket.on('connect', () => (bytes ? socket.end(bytes) : socket.destroy()))
    })
  }
  expect(await ask('https', { ca: cert })).toBe('200 sealed ')
})

test.each([
  ['127.0.0.1', '127.0.0.1', true],
  ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true],
  ['::1', '::1', true],
  ['192.168.1.5', '192.168.1.5', true],
  ['192.168.1.9', '192.168.1.5', false],
  ['127.0.0.1.example', '192.168.1.5', false],
  [undefined, undefined, false]
])('%s that calls %s is this computer: %s', (remoteAddress, localAddress, here) => {
  expect(isFromHere({ remoteAddress, localAddress })).toBe(here)
})
