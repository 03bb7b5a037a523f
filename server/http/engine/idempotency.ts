import type { Request } from 'express'
import { AppError } from '#contract/errors'
import type { Domain, Principal } from '../../domain/domain.ts'

export interface Answer {
  status: number
  body: string
}

/** An answer is kept this long. */
const keptMs = 24 * 3_600_000
const sealed = 'idempotency'

/** The answer that the same request got before; null when it is new. Throws IDEMPOTENCY_MISMATCH. */
export function remembered(domain: Domain, principal: Principal, key: string, request: Request): Answer | null {
  const row = domain.store.idempotency.find(principal.id, key)
  if (!row || row.created_at < domain.clock.now() - keptMs) return null
  if (row.fingerprint !== fingerprint(domain, request))
    throw new AppError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used with another request; take a new one')
  return { status: row.status, body: domain.vault.open(sealed, Buffer.from(row.body, 'base64')) }
}

/** Kept in the transaction of the change itself: either both are there or neither. */
export function remember(domain: Domain, principal: Principal, key: string, request: Request, answer: Answer): void {
  const now = domain.clock.now()
  domain.store.idempotency.removeOlder(now - keptMs)
  domain.store.idempotency.insert({
    principal: principal.id,
    key,
    fingerprint: fingerprint(domain, request),
    status: answer.status,
    // It may hold what is shown once, such as a key.
    body: domain.vault.seal(sealed, answer.body).toString('base64'),
    created_at: now
  })
}

function fingerprint({ vault }: Domain, request: Request): string {
  const text = `${request.method} ${request.originalUrl} ${JSON.stringify(request.body ?? null)}`
  return vault.fingerprint('idempotency', text)
}
