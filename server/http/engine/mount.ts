import { type Request, type RequestHandler, Router } from 'express'
import { nobody, type Principal } from '../../domain/domain.ts'
import { requireRoomToWait, whileWaiting } from '../answers/awaited.ts'
import { requireFreeStream } from '../answers/sse.ts'
import type { Context } from '../context.ts'
import { endWhenRevoked } from '../credentials/revocation.ts'
import type { Face } from '../face.ts'
import { tellAllowance } from '../limits/rate-headers.ts'
import type { AnyCall, Route } from '../route.ts'
import { render, send, sendList } from './answer.ts'
import { parseBody } from './body.ts'
import { callOf } from './call.ts'
import { allowanceOf, type Door, doorOf } from './door.ts'
import { createListCache } from './list-cache.ts'
import { refuseMethod } from './methods.ts'
import { createWriting } from './writing.ts'

/** Express router of a face's routes: authenticate, limit, parse, handle, render. */
export function mountRoutes(context: Context, face: Face, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true })
  const serve = servant(context, face, routes)
  for (const route of routes) {
    const { endpoint } = route
    const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    // Parsed only after the caller is known, so that nobody else can make us read 10 MiB.
    router[method](
      endpoint.path,
      identify(face, doorOf(context, face, endpoint)),
      parseBody(face, endpoint),
      serve(route)
    )
  }
  for (const [path, methods] of methodsByPath(routes)) router.all(path, refuseMethod(methods))
  return router
}

const principals = new WeakMap<Request, Principal>()

function identify({ tellsAllowance }: Face, enter: Door): RequestHandler {
  return async (request, response, next) => {
    principals.set(request, (await enter(request)) ?? nobody)
    const allowance = tellsAllowance && allowanceOf(request)
    if (allowance) tellAllowance(response, allowance)
    next()
  }
}

function servant(context: Context, face: Face, routes: readonly Route[]): (route: Route) => RequestHandler {
  const lists = createListCache()
  const writing = createWriting(context, face, routes, lists)

  async function answer(route: Route, call: AnyCall): Promise<void> {
    const { endpoint } = route
    switch (route.kind) {
      case 'read':
        if (route.of) return sendList(lists, { ...route, of: route.of }, call)
        return send(route, call, { body: render(endpoint, route.handle(call)) }, endpoint.status)
      case 'write': {
        const { status, body } = await writing.once(route, call)
        return send(route, call, { body }, status)
      }
      case 'wait': {
        const { status, body } = await writing.wait(route, call)
        return send(route, call, { body }, status)
      }
      case 'outcome': {
        requireRoomToWait()
        const { status, body } = await whileWaiting(call.response, endpoint.status, writing.outcome(route, call))
        if (call.response.headersSent) return void call.response.end(body)
        return send(route, call, { body }, status)
      }
      case 'follow': {
        requireFreeStream()
        endWithCredential(call)
        return route.open(call, JSON.parse((await writing.once(route, call)).body))
      }
      case 'protocol':
        endWithCredential(call)
        return await route.handle(call)
      case 'stream':
        if (!route.stream(call)) return send(route, call, route.handle(call), endpoint.status)
        return endWithCredential(call)
      default:
        return route satisfies never
    }
  }

  function endWithCredential({ principal, response }: AnyCall): void {
    endWhenRevoked(context.domain, principal, response, () => response.end())
  }

  return route => async (request, response) => {
    const principal = principals.get(request) ?? nobody
    const call = callOf(context, face, route.endpoint, principal, request, response)
    response.setHeader('Cache-Control', 'no-store')
    await answer(route, call)
  }
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
