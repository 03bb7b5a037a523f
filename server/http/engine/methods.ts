import type { RequestHandler } from 'express'
import { AppError } from '#contract/errors'

/** What a GET is for, a HEAD may ask as well. */
export const looking = ['GET', 'HEAD'] as const

/** For the end of a path: any other method is 405, and told what the path takes. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  return (request, response, next) => {
    if (methods.includes(request.method)) return next()
    response.setHeader('Allow', methods.join(', '))
    throw new AppError('METHOD_NOT_ALLOWED', `${request.method} is not for this path; it takes ${methods.join(', ')}`)
  }
}
