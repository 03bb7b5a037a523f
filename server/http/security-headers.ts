import type { RequestHandler } from 'express'
import type { Config } from '../config.ts'
import { isSealed } from './connection.ts'

/** The UI needs nothing but itself: no other host, no inline script or style. */
const policy = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'font-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'"
}

const headers = {
  'Content-Security-Policy': Object.entries(policy)
    .map(entry => entry.join(' '))
    .join('; '),
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'
}

export function securityHeaders(config: Config): RequestHandler {
  return (request, response, next) => {
    response.set(headers)
    if (config.tls && isSealed(request)) response.set('Strict-Transport-Security', 'max-age=31536000')
    next()
  }
}
