import type { Clock } from '../clock.ts'

/** A run that a runner was woken for. */
interface Offer {
  run: number
  /** Who was woken for it so far. */
  woken: readonly string[]
}

/** How long a runner that was woken may take to claim before another one is, in ms. */
export const patienceMs = 5000

/** More than these are not waited for: whoever polls next finds the runs. */
const most = 10_000

/** Runs that runners were woken for and that nobody has claimed yet, in memory: whoever polls finds them in the store. */
export interface Offers {
  made(offer: Offer): void
  /** Who was woken for a run last. */
  to(run: number): string | undefined
  /** In how many ms the oldest has waited long enough; null: there is none. */
  due(): number | null
  /** Takes out those that waited long enough. */
  overdue(): Offer[]
}

export function createOffers(clock: Clock): Offers {
  const open = new Map<number, Offer & { until: number }>()
  return {
    made(offer) {
      open.delete(offer.run)
      if (open.size < most) open.set(offer.run, { ...offer, until: clock.steady() + patienceMs })
    },
    to: run => open.get(run)?.woken.at(-1),
    due() {
      const oldest = open.values().next().value
      return oldest === undefined ? null : oldest.until - clock.steady()
    },
    overdue() {
      const now = clock.steady()
      const found: Offer[] = []
      for (const offer of open.values()) {
        if (offer.until > now) break
        found.push(offer)
        open.delete(offer.run)
      }
      return found
    }
  }
}
