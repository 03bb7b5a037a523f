import type { Request } from 'express'
import type { Endpoint } from '#contract/endpoint'
import { AppError, invalid } from '#contract/errors'
import type { Context } from '../context.ts'
import { requireStanding } from '../credentials/authenticate.ts'
import type { Face } from '../face.ts'
import { Answered, type AnyCall, type Route } from '../route.ts'
import { render, tagOf } from './answer.ts'
import { callOf, domainFor } from './call.ts'
import { etagOf, isMeant, resourceOf } from './conditional.ts'
import { type Answer, remember, remembered } from './idempotency.ts'
import type { ListCache } from './list-cache.ts'
import { serialiser } from './serially.ts'

type WritingRoute = Extract<Route, { kind: 'write' | 'follow' | 'outcome' }>
type OutcomeRoute = Extract<Route, { kind: 'outcome' }>
type WaitingRoute = Extract<Route, { kind: 'wait' }>
type ReadingRoute = Extract<Route, { kind: 'read' | 'wait' | 'stream' }>

/** What changes something, under its conditions: once for each Idempotency-Key, and only while If-Match holds. */
export interface Writing {
  /** In one transaction with the record of its answer. */
  once(route: WritingRoute, call: AnyCall): Promise<Answer>
  /** What takes time and writes for itself: with a key one at a time, its answer is kept once it is there. */
  wait(route: WaitingRoute, call: AnyCall): Promise<Answer>
  /** What came of what was written `once`. */
  outcome(route: OutcomeRoute, call: AnyCall): Promise<Answer>
}

export function createWriting(context: Context, face: Face, routes: readonly Route[], lists: ListCache): Writing {
  const { domain } = context
  const { writer } = domain.store
  const serially = serialiser()
  const resources = new Map(routes.map(route => [route, resourceRoute(route, routes)]))

  function lookingAt(resource: ReadingRoute, { principal, request, response }: AnyCall): AnyCall {
    return callOf(context, face, resource.endpoint, principal, request, response)
  }

  function presentTag(resource: Exclude<ReadingRoute, { kind: 'wait' }>, call: AnyCall): string {
    const looking = lookingAt(resource, call)
    if (resource.kind === 'stream') return tagOf(resource.handle(looking))
    if (resource.of) return lists.tagOf(looking.domain, resource.of)
    return etagOf(render(resource.endpoint, resource.handle(looking)))
  }

  /** The call as its caller may make it by now: much may have happened since the door. */
  function asOfNow({ endpoint }: Route, call: AnyCall): AnyCall {
    const principal = requireStanding(domain, call.principal, endpoint)
    return { ...call, principal, domain: domainFor(domain, endpoint, principal) }
  }

  function commit(route: WritingRoute, asked: AnyCall, prepared: unknown, key: string | null): Promise<Answer> {
    const resource = resources.get(route)
    return writer.write(() => {
      const call = asOfNow(route, asked)
      const { principal, request } = call
      const earlier = key === null ? null : remembered(domain, principal, key, request)
      if (earlier) return earlier
      const wanted = request.headers['if-match']
      if (wanted !== undefined && resource && resource.kind !== 'wait') requireMeant(wanted, presentTag(resource, call))
      const result = route.handle(call, prepared)
      const fresh = route.kind === 'outcome' ? begun(route, result) : answerOf(route.endpoint, result)
      if (key !== null) remember(domain, principal, key, request, fresh)
      return fresh
    }, asked.actor)
  }

  async function once(route: WritingRoute, call: AnyCall): Promise<Answer> {
    const key = keyOf(route, call)
    const prepared = route.kind === 'write' ? await route.prepare?.(call) : undefined
    const resource = resources.get(route)
    if (resource?.kind !== 'wait') return await commit(route, call, prepared, key)
    // What takes time to be read cannot be read inside of a transaction: those who change it come one after the other.
    return await serially(`change ${route.endpoint.path}`, async () => {
      const wanted = call.request.headers['if-match']
      if (wanted !== undefined)
        requireMeant(wanted, etagOf(render(resource.endpoint, await resource.handle(lookingAt(resource, call)))))
      return await commit(route, call, prepared, key)
    })
  }

  return {
    once,
    async outcome(route, call) {
      const written: unknown = JSON.parse((await once(route, call)).body)
      return answerOf(route.endpoint, await whileStanding(route, call, route.await(call, written)))
    },
    async wait(route, call) {
      const key = keyOf(route, call)
      const answer = async () => answerOf(route.endpoint, await whileStanding(route, call, route.handle(call)))
      if (key === null) return await answer()
      return await serially(`once ${call.principal.id} ${key}`, async () => {
        const earlier = remembered(domain, call.principal, key, call.request)
        if (earlier) return earlier
        const fresh = await answer()
        await writer.write(() => remember(domain, call.principal, key, call.request, fresh), call.actor)
        return fresh
      })
    }
  }
}

/** Throws PRECONDITION_FAILED. */
function requireMeant(wanted: string, tag: string): void {
  if (!isMeant(wanted, tag)) throw new AppError('PRECONDITION_FAILED', 'It changed since you read it; read it again')
}

/** What took time is not for whom may not have it any more. */
async function whileStanding<Result>(
  { endpoint }: Route,
  { domain, principal }: AnyCall,
  result: Promise<Result>
): Promise<Result> {
  const value = await result
  requireStanding(domain, principal, endpoint)
  return value
}

function answerOf(endpoint: Endpoint, result: unknown): Answer {
  const { status, value } = result instanceof Answered ? result : { status: endpoint.status, value: result }
  return { status, body: render(endpoint, value) }
}

/** What an outcome will be told of is ours to remember, and no answer yet. */
function begun({ endpoint }: Route, written: unknown): Answer {
  return { status: endpoint.status, body: JSON.stringify(written) }
}

function resourceRoute(route: Route, routes: readonly Route[]): ReadingRoute | undefined {
  const resource = resourceOf(
    route.endpoint,
    routes.map(({ endpoint }) => endpoint)
  )
  return routes.find(
    (one): one is ReadingRoute =>
      one.endpoint === resource && (one.kind === 'read' || one.kind === 'wait' || one.kind === 'stream')
  )
}

/** Where an Idempotency-Key counts: for all that changes something, but for visitors and for the protocol of runners. */
export function takesKey({ method, scope }: Pick<Endpoint, 'method' | 'scope'>): boolean {
  return method !== 'GET' && scope !== 'public' && scope !== 'runner'
}

const longestKey = 200

function keyOf({ endpoint }: Route, { request, response }: AnyCall): string | null {
  const key = takesKey(endpoint) ? keyHeader(request) : undefined
  if (key === undefined) return null
  if (key.length === 0 || key.length > longestKey) throw invalid('Idempotency-Key', `1 to ${longestKey} characters`)
  response.setHeader('Idempotency-Key', key)
  return key
}

function keyHeader(request: Request): string | undefined {
  return request.get('idempotency-key')
}
