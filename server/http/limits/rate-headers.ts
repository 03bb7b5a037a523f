import type { Response } from 'express'
import type { Allowance } from '#contract/errors'

/** As widely published APIs tell it; the reset is in whole seconds since 1970. */
export function tellAllowance(response: Response, { requests, remaining, resetAt }: Allowance): void {
  response.setHeader('X-RateLimit-Limit', String(requests))
  response.setHeader('X-RateLimit-Remaining', String(remaining))
  response.setHeader('X-RateLimit-Reset', String(Math.ceil(resetAt / 1000)))
}
