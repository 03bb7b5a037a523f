import type { ErrorRequestHandler, Response } from 'express'
import { AppError, RateLimited } from '#contract/errors'
import { toldBy } from './face.ts'
import { tellAllowance } from './limits/rate-headers.ts'
import type { Log } from './log.ts'
import { faceOf } from './root.ts'

/** What the libraries under us throw: an Error with the status that it deserves, sometimes a type, and headers to go with it. */
interface HttpError extends Error {
  status: number
  type?: string
  /** Of what is too large: what there may be, in bytes. */
  limit?: number
  headers?: Record<string, string>
}

function asHttpError(error: unknown): HttpError | null {
  const status = (error as Partial<HttpError> | null | undefined)?.status
  return error instanceof Error && typeof status === 'number' && status >= 400 && status < 500
    ? (error as HttpError)
    : null
}

/** Any fault as one of the catalogue; what is not known there is ours. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof URIError) return new AppError('INVALID_REQUEST', 'The path is not encoded correctly')
  const known = asHttpError(error)
  return known ? fromHttpError(known) : new AppError('INTERNAL', 'Something went wrong on our side')
}

function fromHttpError({ status, type, message, limit }: HttpError): AppError {
  if (type === 'entity.parse.failed') return new AppError('MALFORMED_JSON', `The body is not JSON: ${message}`)
  switch (status) {
    case 403:
    case 404:
      return new AppError('NOT_FOUND', 'There is no such file')
    case 412:
      return new AppError('PRECONDITION_FAILED', 'The file changed since then')
    case 413:
      return new AppError('TOO_LARGE', `The body is larger than ${inWords(limit ?? 0)}`)
    case 415:
      return new AppError(
        'UNSUPPORTED_MEDIA_TYPE',
        type === 'encoding.unsupported'
          ? 'Content-Encoding: gzip, deflate, br or none is understood'
          : 'The body must be in UTF-8'
      )
    case 416:
      return new AppError('RANGE_NOT_SATISFIABLE', 'Range: the file does not reach that far')
    default:
      return new AppError('INVALID_REQUEST', bodyFault(type))
  }
}

function inWords(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${bytes >> 10} KiB`
}

function bodyFault(type: string | undefined): string {
  switch (type) {
    case 'request.aborted':
      return 'The request broke off before its body was complete'
    case 'request.size.invalid':
      return 'The body is not as long as its Content-Length says'
    default:
      return 'The body cannot be decoded as its headers say'
  }
}

/** Where every fault ends: told in the shape of the face that was asked. */
export function renderErrors(log: Log): ErrorRequestHandler {
  return (thrown, request, response: Response, next) => {
    const error = toAppError(thrown)
    const requestId = String(response.getHeader('x-request-id') ?? '')
    if (error.status >= 500 && error.code !== 'SHUTTING_DOWN')
      log.error('request failed', thrown, { requestId, method: request.method, path: request.path })
    if (response.headersSent) {
      next(thrown)
      return
    }
    response.set(asHttpError(thrown)?.headers ?? {})
    const face = faceOf(request)
    if (error instanceof RateLimited) {
      response.setHeader('Retry-After', String(error.retryAfter))
      if (face.tellsAllowance && error.allowance) tellAllowance(response, error.allowance)
    }
    if (error.code === 'STORE_UNAVAILABLE' || error.code === 'SHUTTING_DOWN') response.setHeader('Retry-After', '5')
    const told = toldBy(face, error)
    response.status(told.status).json(face.renderError(told, requestId))
  }
}
