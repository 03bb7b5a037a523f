import { z } from 'zod'

/** No single run uses more than this of one kind, or costs more; what claims more is in error, and would spoil every sum. */
export const maxRunTokens = 1e12
export const maxRunUsd = 1e6

export const claimedTokens = z.int().min(0).max(maxRunTokens)
export const claimedUsd = z.number().nonnegative().max(maxRunUsd)

/** What runs claim of themselves, as it is let in. */
export const claimedUsage = z.object({
  inputTokens: claimedTokens,
  outputTokens: claimedTokens,
  cacheReadTokens: claimedTokens,
  cacheWriteTokens: claimedTokens
})

/** Sums stay what JSON and every client can count with. */
export const largestSum = Number.MAX_SAFE_INTEGER
