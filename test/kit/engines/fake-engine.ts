import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, createServer as createSocketServer, type Socket, type Server as SocketServer } from 'node:net'
import { json } from 'node:stream/consumers'

/** What engines of other people said of themselves, as recorded. */
export interface Recorded {
  version: unknown
  info: unknown
}

/** An engine on a socket that says what a real one said, and can go, come back, fall silent and drop its stream of events. */
export interface FakeEngine {
  readonly address: string
  /** Streams of events that were opened so far. */
  listened(): number
  plug(): Promise<void>
  unplug(): Promise<void>
  endEvents(): void
  /** It takes requests and answers none. */
  silent: boolean
  /** Another program than an engine, where it is set. */
  stranger: boolean
}

export function fakeEngine(socketPath: string, recorded: Recorded): FakeEngine {
  const events = new Set<ServerResponse>()
  let listened = 0
  let server: Server | null = null
  const engine: FakeEngine = {
    address: `unix://${socketPath}`,
    silent: false,
    stranger: false,
    listened: () => listened,
    async plug() {
      server = createServer((request, response) => {
        if (engine.silent) return
        if (engine.stranger) return void response.writeHead(404).end('<html>')
        if (request.url?.startsWith('/events')) {
          response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
          events.add(response)
          listened++
          response.once('close', () => events.delete(response))
          return
        }
        if (request.url === '/_ping') return void response.end('OK')
        const answer = { '/version': recorded.version, '/info': recorded.info }[request.url ?? '']
        if (answer === undefined) response.writeHead(404).end(JSON.stringify({ message: 'page not found' }))
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      })
      await new Promise<void>(resolve => server?.listen(socketPath, resolve))
    },
    async unplug() {
      server?.closeAllConnections()
      await new Promise<void>(resolve => (server ? server.close(() => resolve()) : resolve()))
      server = null
      rmSync(socketPath, { force: true })
    },
    endEvents() {
      for (const response of events) response.end()
    }
  }
  return engine
}

/** What a real engine answers to a GET. */
export async function askEngine(socketPath: string, path: string): Promise<unknown> {
  const [response] = (await once(get({ socketPath, path }), 'response')) as [IncomingMessage]
  return json(response)
}

/** A way to a real engine that can be cut, so that it is lost to one test and to nobody else. */
export async function wayTo(engineSocket: string, socketPath: string): Promise<{ cut(): void; mend(): Promise<void> }> {
  const open = new Set<Socket>()
  let server: SocketServer | null = null
  const way = {
    cut() {
      server?.close()
      for (const socket of open) socket.destroy()
      rmSync(socketPath, { force: true })
    },
    async mend() {
      server = createSocketServer({ allowHalfOpen: true }, near => {
        const far = connect({ path: engineSocket, allowHalfOpen: true })
        for (const [one, other] of [
          [near, far],
          [far, near]
        ] as const) {
          open.add(one)
          one.pipe(other)
          one.on('error', () => other.destroy())
          one.once('close', () => open.delete(one))
        }
      })
      await new Promise<void>(resolve => server?.listen(socketPath, resolve))
    }
  }
  await way.mend()
  return way
}
