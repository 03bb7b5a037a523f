import type { ErrorRequestHandler, Response } from 'express'
import type { z } from 'zod'
import { AppError, RateLimited } from '#contract/errors'
import { statusIn } from './face.ts'
import type { Log } from './log.ts'
import { faceOf } from './root.ts'

/** What body parsing throws: an Error with a type and a status. */
interface BodyError extends Error {
  type: string
}

/** Any fault as one of the catalogue; what is not known there is ours. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  switch ((error as BodyError | undefined)?.type) {
    case 'entity.parse.failed':
      return new AppError('MALFORMED_JSON', `The body is not JSON: ${(error as Error).message}`)
    case 'entity.too.large':
      return new AppError('TOO_LARGE', 'The body is larger than 10 MiB')
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new AppError('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON in UTF-8')
    case 'request.aborted':
    case 'request.size.invalid':
    case 'entity.verify.failed':
      return new AppError('INVALID_REQUEST', (error as Error).message)
    default:
      break
  }
  if (error instanceof URIError) return new AppError('INVALID_REQUEST', 'The path is not encoded correctly')
  return new AppError('INTERNAL', 'Something went wrong on our side')
}

/** `value` is what was refused. */
export function fromZod(error: z.ZodError, part: 'body' | 'query' | 'params', value: unknown): AppError {
  const details = error.issues.map(issue => ({
    path: issue.path.join('.') || part,
    message: issue.path.length > 0 && at(value, issue.path) === undefined ? missing(issue) : issue.message
  }))
  const text = details.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return new AppError('INVALID_REQUEST', text, details)
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value)
}

function missing(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `is missing; a ${issue.expected} is expected`
    case 'invalid_value':
      return `is missing; one of ${issue.values.join(', ')} is expected`
    default:
      return `is missing; ${issue.message}`
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
    if (error instanceof RateLimited) response.setHeader('Retry-After', String(error.retryAfter))
    if (error.code === 'STORE_UNAVAILABLE' || error.code === 'SHUTTING_DOWN') response.setHeader('Retry-After', '5')
    const face = faceOf(request)
    response.status(statusIn(face, error.code)).json(face.renderError(error, requestId))
  }
}
