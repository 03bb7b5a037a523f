import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 192 random bits, 48 hex digits. */
export function newToken(): string {
  return randomBytes(24).toString('hex')
}

/** What is kept of a token: it has full entropy, so a plain hash cannot be turned back. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(a)), Buffer.from(hashToken(b)))
}
