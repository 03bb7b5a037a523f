import { AppError } from '#contract/errors'
import type { Principal } from '../domain/domain.ts'

/** Largest request body. */
export const maxBodyBytes = 10 * 1024 * 1024

const windowMs = 60_000
const perWindow = 600
/** Credentials remembered at a time; the one idle for longest is forgotten first. */
const maxTracked = 10_000

/** Thrown with the seconds after which to try again. */
export class RateLimited extends AppError {
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super('RATE_LIMITED', `More than ${perWindow} requests in a minute; try again in ${retryAfter} s`)
    this.retryAfter = retryAfter
  }
}

interface Usage {
  windowStart: number
  current: number
  previous: number
}

/** A sliding window per API key; the owner and the UI's session are not limited. */
export function createRateLimiter(now: () => number): (principal: Principal) => void {
  const usages = new Map<string, Usage>()

  function usageOf(id: string): Usage {
    const at = now()
    const windowStart = at - (at % windowMs)
    const known = usages.get(id)
    usages.delete(id)
    const usage =
      known?.windowStart === windowStart
        ? known
        : { windowStart, current: 0, previous: known?.windowStart === windowStart - windowMs ? known.current : 0 }
    usages.set(id, usage)
    if (usages.size > maxTracked) usages.delete(usages.keys().next().value ?? '')
    return usage
  }

  return principal => {
    if (principal.kind !== 'key') return
    const usage = usageOf(principal.id)
    const elapsed = (now() - usage.windowStart) / windowMs
    if (usage.current + usage.previous * (1 - elapsed) >= perWindow)
      throw new RateLimited(Math.max(1, Math.ceil(((1 - elapsed) * windowMs) / 1000)))
    usage.current++
  }
}
