import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { AppError } from '#contract/errors'
import type { Domain, Principal } from '../domain/domain.ts'

export interface Answer {
  status: number
  body: string
}

/** An answer is kept this long. */
const keptMs = 24 * 3_600_000

/** The answer that the same request got before; null when it is new. Throws IDEMPOTENCY_MISMATCH. */
export function remembered(domain: Domain, principal: Principal, key: string, request: Request): Answer | null {
  const row = domain.store.idempotency.find(principal.id, key)
  if (!row || row.created_at < domain.clock.now() - keptMs) return null
  if (row.fingerprint !== fingerprint(request))
    throw new AppError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used with another request; take a new one')
  return { status: row.status, body: row.body }
}

/** Kept in the transaction of the change itself: either both are there or neither. */
export function remember(domain: Domain, principal: Principal, key: string, request: Request, answer: Answer): void {
  const now = domain.clock.now()
  domain.store.idempotency.removeOlder(now - keptMs)
  domain.store.idempotency.insert({
    principal: principal.id,
    key,
    fingerprint: fingerprint(request),
    status: answer.status,
    body: answer.body,
    created_at: now
  })
}

function fingerprint(request: Request): string {
  const text = `${request.method} ${request.originalUrl} ${JSON.stringify(request.body ?? null)}`
  return createHash('sha256').update(text).digest('hex')
}
