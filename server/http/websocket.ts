import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { AppError, invalid } from '#contract/errors'
import { type ClientMessage, clientMessage, maxFollowedRuns, type ServerMessage, webSocketPath } from '#contract/live'
import { changeBody, hears } from '../domain/changes.ts'
import { actingAs, type Domain, type Principal } from '../domain/domain.ts'
import { seen } from '../domain/people/sight.ts'
import { type ChangeWire, lastChange, tailChanges } from '../realtime/change-tail.ts'
import { type Sink, tailRun, type Wire } from '../realtime/tail.ts'
import { authenticate } from './authenticate.ts'
import type { Context } from './context.ts'
import { toAppError } from './errors.ts'
import { checkOrigin } from './origin.ts'
import { endWhenRevoked } from './revocation.ts'

const maxSockets = 200
const maxMessageBytes = 16 * 1024
const pingMs = 20_000
/** Of a socket whose credential ended: one of those that applications may define. */
const revokedCode = 4401
/** Ends a JSON text inside a message; JSON.stringify never writes a bare line feed. */
const separator = '\n'

/** `WS /api/v1/ws`: the changes of everything, and the events of the runs that the client follows. */
export function serveWebSocket(context: Context, server: Server): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false })
  const alive = new WeakSet<WebSocket>()

  server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    let principal: Principal
    try {
      principal = await admit(context, request, sockets.clients.size)
    } catch (error) {
      refuse(socket, toAppError(error))
      return
    }
    sockets.handleUpgrade(request, socket, head, ws => {
      alive.add(ws)
      ws.on('pong', () => alive.add(ws))
      ws.on('error', () => ws.terminate())
      endWhenRevoked(context.domain, principal, ws, () => ws.close(revokedCode, 'The credential ended'))
      converse(actingAs(context.domain, principal), ws, requestedAfter(request))
    })
  })

  const timer = setInterval(() => {
    for (const ws of sockets.clients) {
      if (!alive.delete(ws)) ws.terminate()
      else ws.ping()
    }
  }, pingMs).unref()

  return {
    close() {
      clearInterval(timer)
      for (const ws of sockets.clients) ws.close(1001, 'The control plane is stopping')
      sockets.close()
    }
  }
}

async function admit(context: Context, request: IncomingMessage, open: number): Promise<Principal> {
  checkOrigin(context.config, request.socket.localPort ?? 0, request)
  if (targetOf(request).pathname !== webSocketPath)
    throw new AppError('NOT_FOUND', `WebSockets are served at ${webSocketPath}`)
  requestedAfter(request)
  const principal = await authenticate(context, request)
  if (!principal) throw new AppError('UNAUTHORIZED', 'Authentication required')
  if (open >= maxSockets) throw new AppError('LIMIT_REACHED', `${maxSockets} sockets are open`)
  return principal
}

function refuse(socket: Duplex, error: AppError): void {
  const body = JSON.stringify({ error: { code: error.code, message: error.message } })
  const head = [
    `HTTP/1.1 ${error.status} ${process.getBuiltinModule('node:http').STATUS_CODES[error.status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
    'Connection: close'
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Throws INVALID_REQUEST for a target that is none. */
function targetOf(request: IncomingMessage): URL {
  const target = request.url ?? '/'
  if (!target.startsWith('/') || target.startsWith('//') || !URL.canParse(target, 'http://localhost'))
    throw new AppError('INVALID_REQUEST', 'The target of the request is no path')
  return new URL(target, 'http://localhost')
}

/** Throws INVALID_REQUEST where it is no number: to take it for 0 would send everything again. */
function requestedAfter(request: IncomingMessage): number | null {
  const text = targetOf(request).searchParams.get('after')
  if (text === null) return null
  if (!/^\d{1,15}$/.test(text)) throw invalid('after', 'a whole number is expected')
  return Number(text)
}

function converse(domain: Domain, ws: WebSocket, resumeAt: number | null): void {
  const { store, bus } = domain
  const follows = new Map<string, () => void>()
  const sink = socketSink(ws)
  const say = (message: ServerMessage) => ws.send(JSON.stringify(message))
  const after = resumeAt ?? lastChange(store)
  say({ type: 'hello', seq: after })
  const wire: ChangeWire = {
    change: row => (hears(domain, row) ? `{"type":"change","change":${changeBody(domain, row)}}${separator}` : ''),
    reset: seq => `${JSON.stringify({ type: 'reset', seq } satisfies ServerMessage)}${separator}`
  }
  const stopChanges = tailChanges(store, bus, { after, sink, wire })

  function follow(runId: string, from: number): void {
    const run = seen(domain, 'runs', store.runs.byId(runId))
    follows.get(runId)?.()
    if (!run || follows.size >= maxFollowedRuns) {
      say({ type: 'error', message: run ? `At most ${maxFollowedRuns} runs at a time` : `There is no run ${runId}` })
      return
    }
    const forget = () => follows.delete(runId)
    const stop = tailRun(store, bus, { run: run.number, after: from, sink, wire: wireOf(run.id), onEnd: forget })
    follows.set(runId, () => {
      stop()
      forget()
    })
  }

  function hear(message: ClientMessage): void {
    switch (message.type) {
      case 'follow':
        follow(message.runId, message.after)
        break
      case 'unfollow':
        follows.get(message.runId)?.()
        break
      default:
        message satisfies never
    }
  }

  ws.on('message', data => {
    const parsed = clientMessage.safeParse(parseJson(String(data)))
    if (parsed.success) hear(parsed.data)
    else say({ type: 'error', message: 'Not a message of this socket; see /docs' })
  })
  ws.once('close', () => {
    stopChanges()
    for (const stop of [...follows.values()]) stop()
  })
}

const wires = new Map<string, Wire>()

/** One wire for each run, shared by all sockets, so that an event is encoded once for all of them. */
function wireOf(runId: string): Wire {
  const known = wires.get(runId)
  if (known) return known
  const id = JSON.stringify(runId)
  const wire: Wire = {
    event: ({ body }) => `{"type":"event","runId":${id},"event":${body}}${separator}`,
    delta: delta => `{"type":"delta","runId":${id},"delta":${JSON.stringify(delta)}}${separator}`,
    end: status => `{"type":"end","runId":${id},"status":"${status}"}${separator}`
  }
  if (wires.size >= 1000) wires.delete(wires.keys().next().value ?? '')
  wires.set(runId, wire)
  return wire
}

/** A message of the socket may hold several JSON texts, one a line: fewer messages under load, the same bytes for all. */
function socketSink(ws: WebSocket): Sink {
  return {
    write: frames => ws.send(frames, { binary: false }),
    buffered: () => ws.bufferedAmount,
    onceDrained(resume) {
      const check = () => {
        if (ws.readyState !== ws.OPEN) return
        if (ws.bufferedAmount === 0) setImmediate(resume)
        else setTimeout(check, 50)
      }
      check()
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
