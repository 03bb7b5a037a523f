import type { CookieOptions, Response } from 'express'
import { sessionMs } from '../domain/people/sessions.ts'
import type { Context } from './context.ts'

function options({ config }: Context): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: config.tls !== null, path: '/' }
}

/** Signs the browser in. */
export function setSessionCookie(context: Context, response: Response, secret: string): void {
  response.cookie(context.cookieName, secret, { ...options(context), maxAge: sessionMs })
}

export function clearSessionCookie(context: Context, response: Response): void {
  response.clearCookie(context.cookieName, options(context))
}
