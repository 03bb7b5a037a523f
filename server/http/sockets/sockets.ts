import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { AppError, RateLimited } from '#contract/errors'
import { nobody } from '../../domain/domain.ts'
import type { Context } from '../context.ts'
import { endWhenRevoked } from '../credentials/revocation.ts'
import { domainFor } from '../engine/call.ts'
import { type Door, doorOf } from '../engine/door.ts'
import { fromZod } from '../engine/validation.ts'
import { toAppError } from '../errors.ts'
import { type Face, toldBy } from '../face.ts'
import { checkOrigin } from '../origin.ts'
import { type Chooser, faceOf } from '../root.ts'
import { type Socket, type SocketCall, socketSink } from './socket.ts'

const maxSockets = 200
const maxMessageBytes = 16 * 1024
const pingMs = 20_000
/** Of a socket whose credential ended: one of those that applications may define. */
const revokedCode = 4401

export interface ServedSockets {
  face: Face
  sockets: readonly Socket[]
}

interface Served {
  socket: Socket
  enter: Door
}

type Admission = Pick<SocketCall, 'domain' | 'principal' | 'query'> & { socket: Socket }

/** The WebSockets of all faces, by the same doors as their endpoints. */
export function serveSockets(
  context: Context,
  faces: readonly ServedSockets[],
  choose: Chooser,
  server: Server
): { close(): void } {
  const open = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false })
  const alive = new WeakSet<WebSocket>()
  const byPath = pathsOf(context, faces)

  async function admit(request: IncomingMessage): Promise<Admission> {
    const { pathname } = targetOf(request)
    const { face, url } = choose(request, request.url ?? '/', pathname)
    checkOrigin(context.config, request)
    const target = new URL(url, 'http://localhost')
    const served = byPath.get(target.pathname)
    if (!served) throw new AppError('NOT_FOUND', whereabouts(face, faces))
    const principal = (await served.enter(request)) ?? nobody
    const asked = Object.fromEntries(target.searchParams)
    const query = served.socket.query.safeParse(asked)
    if (!query.success) throw fromZod(query.error, 'query', asked)
    if (open.clients.size >= maxSockets) throw new AppError('LIMIT_REACHED', `${maxSockets} sockets are open`)
    const domain = domainFor(context.domain, served.socket, principal)
    return { socket: served.socket, domain, principal, query: query.data }
  }

  server.on('upgrade', async (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => connection.destroy())
    let admitted: Admission
    try {
      admitted = await admit(request)
    } catch (error) {
      refuse(connection, faceFor(request, faces), toAppError(error))
      return
    }
    const { socket, domain, principal, query } = admitted
    open.handleUpgrade(request, connection, head, ws => {
      alive.add(ws)
      ws.on('pong', () => alive.add(ws))
      ws.on('error', () => ws.terminate())
      endWhenRevoked(context.domain, principal, ws, () => ws.close(revokedCode, 'The credential ended'))
      socket.open({ domain, principal, query, socket: ws, sink: socketSink(ws) })
    })
  })

  const timer = setInterval(() => {
    for (const ws of open.clients) {
      if (!alive.delete(ws)) ws.terminate()
      else ws.ping()
    }
  }, pingMs).unref()

  return {
    close() {
      clearInterval(timer)
      for (const ws of open.clients) ws.close(1001, 'The control plane is stopping')
      open.close()
    }
  }
}

function pathsOf(context: Context, faces: readonly ServedSockets[]): Map<string, Served> {
  const served = faces.flatMap(({ face, sockets }) =>
    sockets.map(socket => [face.prefix + socket.path, { socket, enter: doorOf(context, face, socket) }] as const)
  )
  return new Map(served)
}

function whereabouts(face: Face, faces: readonly ServedSockets[]): string {
  const paths = faces.filter(one => one.face === face).flatMap(({ sockets }) => sockets.map(({ path }) => path))
  return paths.length === 0 ? 'There are no WebSockets here' : `WebSockets are served at ${paths.join(', ')}`
}

/** Who tells that a request was refused; what has no path that could be read came to nobody. */
function faceFor(request: IncomingMessage, faces: readonly ServedSockets[]): Face {
  const native = faces.find(({ face }) => face.prefix === '')?.face
  try {
    return faceOf(request)
  } catch (error) {
    if (!native) throw error
    return native
  }
}

function refuse(connection: Duplex, face: Face, error: AppError): void {
  const requestId = randomUUID()
  const told = toldBy(face, error)
  const body = JSON.stringify(face.renderError(told, requestId))
  const head = [
    `HTTP/1.1 ${told.status} ${process.getBuiltinModule('node:http').STATUS_CODES[told.status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(error instanceof RateLimited ? [`Retry-After: ${error.retryAfter}`] : []),
    `X-Request-Id: ${requestId}`,
    'Connection: close'
  ]
  connection.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Throws INVALID_REQUEST for a target that is none. */
function targetOf(request: IncomingMessage): URL {
  const target = request.url ?? '/'
  if (!target.startsWith('/') || target.startsWith('//') || !URL.canParse(target, 'http://localhost'))
    throw new AppError('INVALID_REQUEST', 'The target of the request is no path')
  return new URL(target, 'http://localhost')
}
