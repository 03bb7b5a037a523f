import type { Config } from '../config.ts'
import type { Domain } from '../domain/domain.ts'
import type { WaysIn } from '../domain/people/logins.ts'
import { type Cookies, createCookies } from './credentials/cookie.ts'
import { createLogins } from './credentials/login.ts'
import { createLimiter, inForce, type Limiter } from './limits/limits.ts'
import type { Services } from './services.ts'

/** What serves requests: the whole domain, and who may come in. Handlers get no more than the services of it. */
export interface Context extends Services {
  config: Config
  domain: Domain
  waysIn: WaysIn
  limiter: Limiter
  cookies: Cookies
}

type Parts = Omit<Context, 'logins' | 'version' | 'startedAt' | 'limiter' | 'cookies'>

export function createContext(parts: Parts): Context {
  const { config, domain, instanceId } = parts
  const cookies = createCookies(config, instanceId)
  const limiter = createLimiter(domain, config.limits)
  const logins = createLogins({ ...parts, cookies, limiter })
  const faces = parts.faces.map(face => ({ ...face, limits: inForce(face.limits, config.limits) }))
  return { ...parts, faces, cookies, limiter, logins, version: config.version, startedAt: domain.clock.now() }
}
