import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, request as httpRequest, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKey } from '#contract/people/keys'
import { listRunners } from '#contract/runners/runners'
import { launchRun } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const runnerFile = join(import.meta.dirname, '../../out/runner/agentfleet-runner.mjs')
const path = '/usr/local/bin:/usr/bin:/bin'

let app: App
let folder: string
let proxy: Server
let runner: ChildProcess

type Refusal = { status: number; page: string } | null

/** Stands between a runner and the control plane; what it refuses it answers with a page of its own. */
async function startProxy(refuse: (path: string, bytes: number) => Refusal): Promise<string> {
  const { hostname, port } = new URL(app.url)
  proxy = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const body = Buffer.concat(pieces)
    const refusal = refuse(request.url ?? '', body.length)
    if (refusal) {
      response.writeHead(refusal.status, { 'content-type': 'text/html' }).end(refusal.page)
      return
    }
    const { method, url, headers } = request
    const onward = httpRequest(
      { hostname, port, method, path: url, headers: { ...headers, host: `${hostname}:${port}` } },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }
    )
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    onward.end(body)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

async function startRunner(url: string): Promise<void> {
  const { key } = await app.call(createKey, { body: { name: 'far', style: 'agentfleet' } })
  const env = {
    PATH: path,
    HOME: folder,
    SHELL: '/bin/sh',
    FLOTILLA_RUNNER_DIR: join(folder, 'runner'),
    AGENTFLEET_URL: url,
    AGENTFLEET_API_KEY: key,
    ALLOWED_DIRS: folder
  }
  runner = spawn(process.execPath, [runnerFile], { env, stdio: 'ignore' })
  const online = async () => (await app.call(listRunners)).data.map(({ status }) => status)
  await expect.poll(online, { timeout: 30_000 }).toEqual(['online'])
}

beforeEach(async () => {
  folder = temporaryFolder()
  app = await startApp()
})
afterEach(async () => {
  runner.kill('SIGKILL')
  proxy.closeAllConnections()
  proxy.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

/** An agent that says so many texts of this length, and ends. Resolves to what is in its log when it has. */
async function told(texts: number, length: number): Promise<string[]> {
  const say = `head -c ${length} /dev/zero | tr '\\0' x`
  const script = `i=0; while [ $i -lt ${texts} ]; do i=$((i+1)); echo "{\\"type\\":\\"text\\",\\"text\\":\\"text $i $(${say})\\"}"; done; echo '{"type":"result","text":"done"}'`
  const command = { program: 'sh', args: ['-c', script], output: 'events' }
  const body = { prompt: 'go', cwd: folder, runtime: 'command', command }
  const run = await app.call(launchRun, { body })
  await untilStatus(app, run.id, 'SUCCEEDED')
  const events = await eventsOf(app, run.id)
  expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  return events.filter(({ kind }) => kind === 'assistant').map(({ message }) => message)
}

const ofRuns = (path: string) => path.includes('/runner/runs/')

test('pages of a proxy now and then end no run and lose nothing', async () => {
  const pages = [404, 403, 409, 502]
  let asked = 0
  const url = await startProxy(path => {
    const status = ofRuns(path) && asked++ % 2 === 0 ? pages[(asked >> 1) % pages.length] : undefined
    return status === undefined ? null : { status, page: '<html>not ours</html>' }
  })
  await startRunner(url)
  const texts = await told(20, 10)
  expect(texts.map(text => text.split(' ')[1])).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 1)))
  expect(asked).toBeGreaterThan(2)
})

test('what a proxy finds too large comes in smaller pieces, whole', async () => {
  let tooLarge = 0
  const url = await startProxy((path, bytes) => {
    if (!ofRuns(path) || bytes <= 20_000) return null
    tooLarge++
    return { status: 413, page: '<html>too large</html>' }
  })
  await startRunner(url)
  const texts = await told(30, 5000)
  expect(texts.map(text => text.length)).toEqual(Array.from({ length: 30 }, (_, n) => `text ${n + 1} `.length + 5000))
  expect(tooLarge).toBeGreaterThan(0)
})

test('a text that is too large alone is cut, and says so', async () => {
  const url = await startProxy((path, bytes) =>
    ofRuns(path) && bytes > 20_000 ? { status: 413, page: '<html>too large</html>' } : null
  )
  await startRunner(url)
  const [text = ''] = await told(1, 60_000)
  expect(text).toMatch(/^text 1 x+\n\[[\d,]+ more characters are not kept\]/)
})
