import type { CookieOptions, Response } from 'express'
import type { Config } from '../../config.ts'
import { cookieMs } from '../../domain/people/logins.ts'

/** What signs a browser in. Cookies ignore ports, so each installation has a name of its own. */
export interface Cookies {
  name: string
  set(response: Response, secret: string): void
  clear(response: Response): void
}

export function createCookies({ tls }: Pick<Config, 'tls'>, instanceId: string): Cookies {
  const name = `flotilla_${instanceId.slice(0, 8)}`
  const options: CookieOptions = { httpOnly: true, sameSite: 'strict', secure: tls !== null, path: '/' }
  return {
    name,
    set: (response, secret) => void response.cookie(name, secret, { ...options, maxAge: cookieMs }),
    clear: response => void response.clearCookie(name, options)
  }
}
