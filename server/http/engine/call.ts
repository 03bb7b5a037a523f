import type { Request, Response } from 'express'
import type { Endpoint } from '#contract/endpoint'
import { actingAs, type Domain, type Principal } from '../../domain/domain.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../credentials/actor.ts'
import type { Face } from '../face.ts'
import type { AnyCall } from '../route.ts'
import { fromZod } from './validation.ts'

/** The parts of a request as the endpoint declares them. Throws INVALID_REQUEST. */
export function callOf(
  context: Context,
  face: Face,
  endpoint: Endpoint,
  principal: Principal,
  request: Request,
  response: Response
): AnyCall {
  const part = (name: 'params' | 'query' | 'body', value: unknown) => {
    const result = endpoint[name].safeParse(value)
    if (!result.success) throw fromZod(result.error, name, value)
    return result.data
  }
  const body = endpoint.method === 'GET' ? {} : part('body', request.body ?? {})
  return {
    domain: domainFor(context.domain, endpoint, principal),
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

/** What the caller of an endpoint acts on and sees. A runner acts for the control plane itself, whoever made its key. */
export function domainFor(domain: Domain, { scope }: Pick<Endpoint, 'scope'>, principal: Principal): Domain {
  return scope === 'runner' ? domain : actingAs(domain, principal)
}

function parametersOf(endpoint: Endpoint, request: Request): object {
  const body: unknown = endpoint.method === 'GET' || endpoint.method === 'DELETE' ? request.body : null
  return typeof body === 'object' && body !== null ? body : {}
}
