/** A median with the interval that holds the true median with at least 90 % certainty. */
export interface Estimate {
  median: number
  low: number
  high: number
}

const certainty = 0.9

/**
 * From order statistics: it assumes nothing of how the values are spread. With fewer than five values no interval reaches
 * the certainty, and the widest one stands.
 */
export function estimate(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b)
  const skip = skippedAtEachEnd(sorted.length)
  return { median: quantile(sorted, 0.5), low: at(sorted, skip), high: at(sorted, sorted.length - 1 - skip) }
}

/** Of sorted values; between two of them the line is straight. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  return at(sorted, below) + (at(sorted, Math.ceil(place)) - at(sorted, below)) * (place - below)
}

export function medianOf(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5
  )
}

/** How many values may lie outside at each end: as many as the binomial distribution of "below the median" allows. */
function skippedAtEachEnd(count: number): number {
  let probability = 0.5 ** count
  let outside = probability
  let skip = 0
  while (2 * outside <= 1 - certainty && skip < count / 2) {
    skip++
    probability *= (count - skip + 1) / skip
    outside += probability
  }
  return Math.max(0, skip - 1)
}

function at(sorted: readonly number[], index: number): number {
  const value = sorted[index]
  if (value === undefined) throw new Error('there is nothing to measure by')
  return value
}
