import type { IncomingMessage } from 'node:http'
import type { CookieOptions, Response } from 'express'
import { cookieMs } from '../../domain/people/logins.ts'
import { isSealed } from '../connection.ts'

/** What signs a browser in. Cookies ignore ports, so each installation has a name of its own; and schemes, so each has two. */
export interface Cookies {
  nameFor(request: IncomingMessage): string
  set(response: Response, secret: string): void
  clear(response: Response): void
}

export function createCookies(instanceId: string): Cookies {
  const nameFor = (request: IncomingMessage) => `flotilla_${instanceId.slice(0, 8)}${isSealed(request) ? '_tls' : ''}`
  const optionsFor = (request: IncomingMessage): CookieOptions => ({
    httpOnly: true,
    sameSite: 'strict',
    secure: isSealed(request),
    path: '/'
  })
  return {
    nameFor,
    set: (response, secret) =>
      void response.cookie(nameFor(response.req), secret, { ...optionsFor(response.req), maxAge: cookieMs }),
    clear: response => void response.clearCookie(nameFor(response.req), optionsFor(response.req))
  }
}
