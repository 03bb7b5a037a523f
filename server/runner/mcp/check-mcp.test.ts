import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { McpServer } from '#contract/runners/mcp-server'
import { hostProcesses } from '../places/host/host-processes.ts'
import { listProcesses, processesWithEnv } from '../places/host/processes.ts'
import { stopAgent } from '../places/stop-ladder.ts'
import { checkMcp } from './check-mcp.ts'

const secret = 'sk-this-must-not-be-told'
const owner = 'check-mcp-test'
const check = checkMcp({
  ...hostProcesses(owner),
  stop: stopAgent,
  environment: async () => ({ PATH: process.env.PATH ?? '' })
})
let server: Server | null = null
afterEach(() => void server?.close())

/** A server that answers as this code says. */
function stdio(answers: string, more: Partial<McpServer> = {}): McpServer {
  const code = `
    const say = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
    const hello = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }
    require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
      const { id, method, params } = JSON.parse(line)
      ${answers}
    })`
  const args = ['-e', code]
  return { name: 'x', transport: 'stdio', command: process.execPath, args, url: null, env: {}, headers: {}, ...more }
}

const usual = "if (method === 'initialize') say({ id, result: hello })"

/** Where nobody listens. */
async function freePort(): Promise<number> {
  const free = createServer()
  await new Promise<void>(resolve => free.listen(0, '127.0.0.1', resolve))
  const { port } = free.address() as AddressInfo
  await new Promise(resolve => free.close(resolve))
  return port
}

const ask = (server: McpServer, limitMs = 8000) => check({ server }, AbortSignal.timeout(limitMs))

async function left(): Promise<number> {
  return processesWithEnv(await listProcesses(), [`FLOTILLA_RUNNER=${owner}`]).length
}

test('a server that answers is listed with its tools, page after page, and nothing of it stays', async () => {
  const pages = `
    if (method === 'tools/list' && !params?.cursor) say({ id, result: { nextCursor: 'b',
      tools: [{ name: 'read', description: 'Reads', inputSchema: { type: 'object' } }] } })
    if (params?.cursor === 'b') say({ id, result: { tools: [{ name: 'write', inputSchema: { type: 'object' } }] } })`
  const found = await ask(stdio(`${usual}; ${pages}`))
  expect(found).toEqual({
    ok: true,
    tools: [
      { name: 'read', description: 'Reads' },
      { name: 'write', description: null }
    ]
  })
  expect(await left()).toBe(0)
})

test('it gets its variables, and none of their values comes back', async () => {
  const telling = `${usual}
    if (method === 'tools/list') say({ id, result: { tools: [{ name: 'echo', description: process.env.TOKEN + ' and ' +
      process.env.PLAIN, inputSchema: { type: 'object' } }] } })`
  const env = { TOKEN: secret, PLAIN: `Bearer ${secret}-2` }
  const found = await ask(stdio(telling, { env }))
  expect(found).toMatchObject({ ok: true, tools: [{ name: 'echo', description: expect.stringContaining('redacted') }] })
  expect(JSON.stringify(found)).not.toContain(secret)
})

test('one that prints something else first is understood', async () => {
  const greeting = `if (method === 'initialize') { console.log('Welcome!'); say({ id, result: hello }) }
    if (method === 'tools/list') say({ id, result: { tools: [] } })`
  expect(await ask(stdio(greeting))).toEqual({ ok: true, tools: [] })
})

test('one that dies is told with its last words, without its secrets', async () => {
  const dying = stdio("console.error('bad key ' + process.env.TOKEN); process.exit(3)", { env: { TOKEN: secret } })
  const found = await ask(dying)
  expect(found).toEqual({ ok: false, detail: expect.stringContaining('bad key [redacted') })
  expect(await left()).toBe(0)
})

test('one that is not there is told by its name', async () => {
  const missing = stdio('', { command: 'no-such-program-anywhere' })
  expect(await ask(missing)).toEqual({
    ok: false,
    detail: expect.stringContaining('no-such-program-anywhere')
  })
})

test('one that never answers is given up in time, and ended with all that it started', async () => {
  const child = "require('node:child_process').spawn('sleep', ['60'])"
  const silent = stdio('', { args: ['-e', `${child}; console.error('still thinking'); setInterval(() => {}, 1000)`] })
  const found = await ask(silent, 500)
  expect(found).toEqual({
    ok: false,
    hangs: true,
    detail: expect.stringMatching(/did not answer in time.*still thinking/)
  })
  await expect.poll(left, { timeout: 10_000 }).toBe(0)
}, 20_000)

test('one without tools says so by an error', async () => {
  const refusing = `${usual}; if (method === 'tools/list') say({ id, error: { code: -32601, message: 'no tools here' } })`
  expect(await ask(stdio(refusing))).toEqual({
    ok: false,
    detail: expect.stringContaining('no tools here')
  })
})

test('one by http is called with its headers', async () => {
  const seen: (string | undefined)[] = []
  server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end()
      const { id, method } = JSON.parse(body) as { id?: number; method: string }
      if (id === undefined) return response.writeHead(202).end()
      const hello = {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'x', version: '1' }
      }
      const tools = { tools: [{ name: 'search', description: 'Finds', inputSchema: { type: 'object' } }] }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: method === 'initialize' ? hello : tools }))
    })
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const http = { ...stdio(''), transport: 'http' as const, command: null, url: `http://127.0.0.1:${port}/mcp` }
  expect(await ask({ ...http, headers: { Authorization: `Bearer ${secret}` } })).toEqual({
    ok: true,
    tools: [{ name: 'search', description: 'Finds' }]
  })
  expect(new Set(seen)).toEqual(new Set([`Bearer ${secret}`]))
  const nobody = await ask({ ...http, url: `http://127.0.0.1:${await freePort()}/mcp` })
  expect(nobody).toEqual({ ok: false, detail: expect.stringContaining('ECONNREFUSED') })
})
