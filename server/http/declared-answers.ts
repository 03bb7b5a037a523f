import type { Endpoint } from '#contract/endpoint'
import type { ErrorCode } from '#contract/errors'
import { hasTag } from './engine/answer.ts'
import { resourceOf } from './engine/conditional.ts'
import { takesKey } from './engine/writing.ts'
import type { Face } from './face.ts'

/** Of whatever is asked of a server that may be busy, stopping, or asked by another name. */
const ofAll = [
  'INVALID_REQUEST',
  'CROSS_SITE',
  'METHOD_NOT_ALLOWED',
  'MISDIRECTED',
  'INTERNAL',
  'STORE_UNAVAILABLE',
  'SHUTTING_DOWN'
] as const satisfies readonly ErrorCode[]

type Answering = Pick<Face, 'limits' | 'parametersInBody'>

/** Every error that an endpoint of a face may answer: its own, and those of all that stands before its handler. */
export function errorsOf(face: Answering, endpoint: Endpoint, endpoints: readonly Endpoint[]): ErrorCode[] {
  const codes: ErrorCode[] = [...ofAll, ...endpoint.errors]
  if (endpoint.scope !== 'public') codes.push('UNAUTHORIZED', 'FORBIDDEN')
  if (face.limits.length > 0) codes.push('RATE_LIMITED')
  if (endpoint.method !== 'GET' || face.parametersInBody)
    codes.push('MALFORMED_JSON', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  if (takesKey(endpoint)) codes.push('IDEMPOTENCY_MISMATCH')
  if (resourceOf(endpoint, endpoints)) codes.push('PRECONDITION_FAILED')
  if (endpoint.message) codes.push('LIMIT_REACHED')
  return [...new Set(codes)]
}

/** Headers of a request that mean something to an endpoint. */
export function headersOf(endpoint: Endpoint, endpoints: readonly Endpoint[]): string[] {
  return [
    ...(takesKey(endpoint) ? ['Idempotency-Key'] : []),
    ...(resourceOf(endpoint, endpoints) ? ['If-Match'] : []),
    ...(endpoint.method === 'GET' && hasTag(endpoint) ? ['If-None-Match'] : []),
    ...(endpoint.method === 'GET' && endpoint.message ? ['Last-Event-ID'] : [])
  ]
}
