import { createHash } from 'node:crypto'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { z } from 'zod'
import type { Actor } from '#contract/audit/audit'
import type { Endpoint } from '#contract/endpoint'
import { AppError } from '#contract/errors'
import type { Noun } from '#contract/live'
import { actingAs, type Domain, nobody, type Principal } from '../domain/domain.ts'
import { actorOf, addressOf } from './actor.ts'
import { authorize } from './authenticate.ts'
import { parseBody } from './body.ts'
import type { Context } from './context.ts'
import { fromZod } from './errors.ts'
import type { Face } from './face.ts'
import { type Answer, remember, remembered } from './idempotency.ts'
import { createListCache, type ListCache } from './list-cache.ts'
import { refuseMethod } from './methods.ts'
import { endWhenRevoked } from './revocation.ts'
import { requireFreeStream } from './sse.ts'

// All that a dialect may use of http.
export { sendAudit } from './audit-export.ts'
export type { Context } from './context.ts'
export type { Face } from './face.ts'
export { minute, quarterHour } from './limits.ts'
export { checkCode, checkPassword, giveToken } from './login.ts'
export { paginated } from './pagination.ts'
export { openEventStream } from './sse.ts'

/** What a handler gets: the parsed parts of the request and who makes it. */
export interface Call<E extends Endpoint = Endpoint> {
  params: z.output<E['params']>
  query: z.output<E['query']>
  body: z.output<E['body']>
  /** The domain as the caller acts on it and sees it. */
  domain: Domain
  principal: Principal
  /** Who is written down for what the handler changes. */
  actor: Actor
  request: Request
  response: Response
}

type AnyCall = Call<Endpoint>

/** Looks at one resource. */
interface ReadRoute {
  kind: 'read'
  endpoint: Endpoint
  handle: (call: AnyCall) => unknown
  /** All that its answer hangs on: while none of these changes, it is answered without being read again. */
  of?: readonly Noun[]
}

/**
 * How an endpoint is served. `read` looks; `write` runs inside one transaction together with its idempotency record,
 * after `prepare` did what takes time;
 * `wait` may take time and writes for itself; `stream` answers on the response by itself, or returns false not to;
 * `follow` writes like `write` and answers with a stream about what was written.
 */
export type Route = {
  endpoint: Endpoint
  /** Reads the resource that an If-Match speaks of. */
  current?: ReadRoute
} & (
  | { kind: 'read'; handle: (call: AnyCall) => unknown; of?: readonly Noun[] }
  | {
      kind: 'write'
      prepare?: (call: AnyCall) => Promise<unknown>
      handle: (call: AnyCall, prepared: unknown) => unknown
    }
  | { kind: 'wait'; handle: (call: AnyCall) => Promise<unknown> }
  | { kind: 'stream'; handle: (call: AnyCall) => Rendered; stream: (call: AnyCall) => boolean }
  | { kind: 'follow'; handle: (call: AnyCall) => unknown; open: (call: AnyCall, written: unknown) => void }
)

/** JSON text as it leaves: a string, named by its content, or pieces of UTF-8 with a name of their own. */
type Rendered = { body: string } | { pieces: readonly Buffer[]; tag: string }

type Handle<E extends Endpoint, Result> = (call: Call<E>) => Result
type Output<E extends Endpoint> = z.input<E['output']>

/** The handler is typed by its endpoint; inside the table of routes every one looks alike. */
function erase<Result>(handle: unknown): (call: AnyCall) => Result {
  return handle as (call: AnyCall) => Result
}

export function read<E extends Endpoint>(endpoint: E, handle: Handle<E, Output<E>>): Route & ReadRoute {
  return { kind: 'read', endpoint, handle: erase(handle) }
}

/** A list of things; `of` names them, and whatever else is in it. */
export function readList<E extends Endpoint>(endpoint: E, of: readonly Noun[], handle: Handle<E, Output<E>>): Route {
  return { kind: 'read', endpoint, of, handle: erase(handle) }
}

export function write<E extends Endpoint>(endpoint: E, handle: Handle<E, Output<E>>, current?: ReadRoute): Route {
  return { kind: 'write', endpoint, handle: erase(handle), ...(current ? { current } : {}) }
}

/** A write that needs something which takes time, such as a hashed password; it is made before the transaction. */
export function writeAfter<E extends Endpoint, Prepared>(
  endpoint: E,
  prepare: Handle<E, Promise<Prepared>>,
  handle: (call: Call<E>, prepared: Prepared) => Output<E>,
  current?: ReadRoute
): Route {
  const erased = handle as (call: AnyCall, prepared: unknown) => unknown
  return { kind: 'write', endpoint, prepare: erase(prepare), handle: erased, ...(current ? { current } : {}) }
}

export function wait<E extends Endpoint>(endpoint: E, handle: Handle<E, Promise<Output<E>>>): Route {
  return { kind: 'wait', endpoint, handle: erase(handle) }
}

export function stream<E extends Endpoint>(endpoint: E, handle: Handle<E, Rendered>, open: Handle<E, boolean>): Route {
  return { kind: 'stream', endpoint, handle: erase(handle), stream: erase(open) }
}

/** `open` gets what `handle` returned, also when the request is sent again under its Idempotency-Key. */
export function follow<E extends Endpoint>(
  endpoint: E,
  handle: Handle<E, Output<E>>,
  open: (call: Call<E>, written: z.output<E['output']>) => void
): Route {
  return { kind: 'follow', endpoint, handle: erase(handle), open: open as (call: unknown, written: unknown) => void }
}

/** Express router of a face's routes: authenticate, limit, parse, handle, render. */
export function mountRoutes(context: Context, face: Face, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true })
  // Parsed only after the caller is known, so that nobody else can make us read 10 MiB.
  const lists = createListCache()
  for (const route of routes) {
    const { endpoint } = route
    const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    router[method](endpoint.path, identify(context, face, endpoint), parseBody, serve(context, face, route, lists))
  }
  for (const [path, methods] of methodsByPath(routes)) router.all(path, refuseMethod(methods))
  return router
}

const principals = new WeakMap<Request, Principal>()

function identify(context: Context, face: Face, endpoint: Endpoint): RequestHandler {
  const limits = face.limits.filter(({ under }) => under === undefined || endpoint.path.startsWith(under))
  const ofAddress = limits.filter(({ by }) => by === 'address')
  const ofCredential = endpoint.scope === 'runner' ? [] : limits.filter(({ by }) => by === 'credential')
  return async (request, _response, next) => {
    context.limiter.take(ofAddress, addressOf(request) ?? '')
    const principal = await authorize(context, request, endpoint)
    principals.set(request, principal ?? nobody)
    if (principal)
      context.limiter.take(
        ofCredential.filter(({ spares = [] }) => !spares.includes(principal.kind)),
        principal.id
      )
    next()
  }
}

function serve(context: Context, face: Face, route: Route, lists: ListCache): RequestHandler {
  return async (request, response) => {
    const call = parse(context, face, route.endpoint, request, response)
    response.setHeader('Cache-Control', 'no-store')
    switch (route.kind) {
      case 'read':
        if (route.of) return sendList(lists, { ...route, of: route.of }, call)
        return send(route.endpoint, request, response, { body: render(route.endpoint, route.handle(call)) })
      case 'write':
        return await serveWrite(context, route, call)
      case 'follow':
        requireFreeStream()
        endWhenRevoked(context.domain, call.principal, response, () => response.end())
        return route.open(call, JSON.parse((await writeOnce(context, route, call)).body))
      case 'wait':
        return send(route.endpoint, request, response, { body: render(route.endpoint, await route.handle(call)) })
      case 'stream':
        if (route.stream(call)) endWhenRevoked(context.domain, call.principal, response, () => response.end())
        else send(route.endpoint, request, response, route.handle(call))
        return
      default:
        return route satisfies never
    }
  }
}

function parse(context: Context, face: Face, endpoint: Endpoint, request: Request, response: Response): AnyCall {
  const part = (name: 'params' | 'query' | 'body', value: unknown) => {
    const result = endpoint[name].safeParse(value)
    if (!result.success) throw fromZod(result.error, name, value)
    return result.data
  }
  const principal = principals.get(request) ?? nobody
  const body = endpoint.method === 'GET' ? {} : part('body', request.body ?? {})
  return {
    domain: actingAs(context.domain, principal),
    params: part('params', request.params),
    query: part(
      'query',
      face.parametersInBody ? { ...parametersOf(endpoint, request), ...request.query } : request.query
    ),
    body,
    principal,
    actor: actorOf(context.domain, endpoint, principal, request, body),
    request,
    response
  }
}

function parametersOf(endpoint: Endpoint, request: Request): object {
  const body: unknown = endpoint.method === 'GET' || endpoint.method === 'DELETE' ? request.body : null
  return typeof body === 'object' && body !== null ? body : {}
}

/** What leaves is what the contract says: parsing drops every field that it does not name. */
function render(endpoint: Endpoint, value: unknown): string {
  return JSON.stringify(endpoint.output.parse(value))
}

type WritingRoute = Extract<Route, { kind: 'write' | 'follow' }>

async function serveWrite(context: Context, route: WritingRoute, call: AnyCall): Promise<void> {
  const { status, body } = await writeOnce(context, route, call)
  send({ ...route.endpoint, status }, call.request, call.response, { body })
}

async function writeOnce(context: Context, route: WritingRoute, call: AnyCall): Promise<Answer> {
  const { request, response } = call
  const key = idempotencyKey(request)
  const prepared = route.kind === 'write' ? await route.prepare?.(call) : undefined
  const answer = await context.domain.store.writer.write(() => {
    const earlier = key === null ? null : remembered(context.domain, call.principal, key, request)
    if (earlier) return earlier
    checkIfMatch(request, route, call)
    const fresh = { status: route.endpoint.status, body: render(route.endpoint, route.handle(call, prepared)) }
    if (key !== null) remember(context.domain, call.principal, key, request, fresh)
    return fresh
  }, call.actor)
  if (key !== null) response.setHeader('Idempotency-Key', key)
  return answer
}

function idempotencyKey(request: Request): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || key.length === 0 || key.length > 200)
    throw new AppError('INVALID_REQUEST', 'Idempotency-Key: 1 to 200 characters', [
      { path: 'Idempotency-Key', message: '1 to 200 characters' }
    ])
  return key
}

function checkIfMatch(request: Request, route: Route, call: AnyCall): void {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted === '*' || !route.current) return
  const tag = etagOf(render(route.current.endpoint, route.current.handle(call)))
  if (!wanted.split(',').some(one => one.trim() === tag))
    throw new AppError('PRECONDITION_FAILED', 'It changed since you read it; read it again')
}

function etagOf(body: string): string {
  return `"${createHash('sha1').update(body).digest('base64url')}"`
}

function send(endpoint: Endpoint, request: Request, response: Response, rendered: Rendered): void {
  if (endpoint.scope !== 'runner') {
    const tag = 'body' in rendered ? etagOf(rendered.body) : rendered.tag
    response.setHeader('ETag', tag)
    if (endpoint.method === 'GET' && request.headers['if-none-match'] === tag) {
      response.status(304).end()
      return
    }
  }
  response.status(endpoint.status).type('application/json')
  if ('body' in rendered) response.send(rendered.body)
  else sendPieces(response, rendered.pieces)
}

/** Named by the versions of what is in it: who has it already is told so before anything is read. */
function sendList(lists: ListCache, route: ReadRoute & Required<Pick<ReadRoute, 'of'>>, call: AnyCall): void {
  const { domain, request, response } = call
  const tag = lists.tagOf(domain, route.of)
  response.setHeader('ETag', tag)
  if (request.headers['if-none-match'] === tag) {
    response.status(304).end()
    return
  }
  const body = lists.body(domain, request.originalUrl, tag, () => render(route.endpoint, route.handle(call)))
  response.status(route.endpoint.status).type('application/json').setHeader('Content-Length', body.length)
  response.end(body)
}

/** Never joined: a page of events is large, and would only be copied. */
function sendPieces(response: Response, pieces: readonly Buffer[]): void {
  response.setHeader(
    'Content-Length',
    pieces.reduce((sum, piece) => sum + piece.length, 0)
  )
  for (const piece of pieces) response.write(piece)
  response.end()
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { endpoint } of routes) {
    const known = methods.get(endpoint.path) ?? []
    known.push(endpoint.method, ...(endpoint.method === 'GET' ? ['HEAD'] : []))
    methods.set(endpoint.path, known)
  }
  return methods
}
