import type { Certificate } from '../certificate/certificate.ts'
import type { Config } from '../config.ts'
import type { Domain } from '../domain/domain.ts'
import type { WaysIn } from '../domain/people/logins.ts'
import { type Addresses, createAddresses } from './addresses.ts'
import { type Cookies, createCookies } from './credentials/cookie.ts'
import { createLogins } from './credentials/login.ts'
import { createLimiter, inForce, type Limiter } from './limits/limits.ts'
import type { Services } from './services.ts'

/** What serves requests: the whole domain, and who may come in. Handlers get no more than the services of it. */
export interface Context extends Services {
  config: Config
  /** Null: it speaks plain HTTP only. */
  certificate: Certificate | null
  domain: Domain
  waysIn: WaysIn
  limiter: Limiter
  cookies: Cookies
}

type Parts = Omit<Context, 'logins' | 'version' | 'startedAt' | 'limiter' | 'cookies' | keyof Addresses>

export function createContext(parts: Parts): Context {
  const { config, certificate, domain, instanceId, url } = parts
  const cookies = createCookies(instanceId)
  const limiter = createLimiter(domain, config.limits)
  const logins = createLogins({ ...parts, cookies, limiter })
  const faces = parts.faces.map(face => ({ ...face, limits: inForce(face.limits, config.limits) }))
  const addresses = createAddresses(config, certificate, url)
  return {
    ...parts,
    ...addresses,
    faces,
    cookies,
    limiter,
    logins,
    version: config.version,
    startedAt: domain.clock.now()
  }
}
