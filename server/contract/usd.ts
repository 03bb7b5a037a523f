import { z } from 'zod'

/** A list price has at most three decimals for a million tokens: one token costs whole parts of this size. */
export const usdDecimals = 9

/** Sums of binary fractions say 0.011980000000000001 where 0.01198 is meant. */
export function plainUsd(amount: number): number {
  return Number(amount.toFixed(usdDecimals))
}

/** An amount in USD, as every face tells it. */
export const usd = z.number().overwrite(plainUsd)
