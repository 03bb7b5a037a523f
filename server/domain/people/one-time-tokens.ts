import { hashToken, newToken } from './credentials.ts'

/** Tokens that stand for something for a short time and are spent once. They are kept in memory, by their hash. */
export interface OneTimeTokens<Value> {
  make(value: Value): { token: string; expiresAt: number }
  /** What a token stands for; null when it is unknown, spent or too old. */
  peek(token: string): Value | null
  spend(token: string): Value | null
}

/** At most `most` at a time: the oldest goes first. */
export function oneTimeTokens<Value>(
  clock: { now(): number },
  { lastMs, most }: { lastMs: number; most: number }
): OneTimeTokens<Value> {
  const live = new Map<string, { value: Value; expiresAt: number }>()

  function dropOld(): void {
    for (const [hash, { expiresAt }] of live) if (expiresAt <= clock.now() || live.size > most) live.delete(hash)
  }

  function peek(token: string): Value | null {
    dropOld()
    return live.get(hashToken(token))?.value ?? null
  }

  return {
    make(value) {
      const token = newToken()
      const expiresAt = clock.now() + lastMs
      live.set(hashToken(token), { value, expiresAt })
      dropOld()
      return { token, expiresAt }
    },
    peek,
    spend(token) {
      const value = peek(token)
      live.delete(hashToken(token))
      return value
    }
  }
}
