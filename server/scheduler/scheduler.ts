import type { Actor } from '#contract/audit/audit'
import type { Domain } from '../domain/domain.ts'
import type { Duty } from '../domain/runners/leases.ts'

/** A wake-up later than this is taken in steps, so that a clock that was set back cannot hold duties up for long. */
const longestSleepMs = 60_000
const retryMs = 1000

/** So late that the computer slept, the clock jumped, or this process stood still. */
const lateMs = 10_000

const scheduler: Actor = { kind: 'scheduler', id: 'scheduler', name: 'Scheduler', ip: null, via: 'a duty' }

export interface Agenda {
  duties: readonly Duty[]
  /** Instead of duties that are far too late: what they would conclude from the silence is not true. */
  onLate(domain: Domain): void
}

/** One timer for the next thing that is due. Nothing wakes while nothing is due. Returns the function that stops it. */
export function startScheduler(domain: Domain, agenda: Agenda, onError: (error: unknown) => void): () => void {
  const { duties } = agenda
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  function arm(atLeastMs = 0): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (stopped) return
    const times = duties.map(duty => duty.due(domain)).filter(due => due !== null)
    if (times.length === 0) return
    const wait = Math.max(atLeastMs, Math.min(...times) - domain.clock.now())
    timer = setTimeout(perform, Math.min(wait, longestSleepMs))
  }

  async function perform(): Promise<void> {
    try {
      for (const duty of duties) {
        const due = duty.due(domain)
        const late = due === null ? -1 : domain.clock.now() - due
        if (late >= 0)
          await domain.store.writer.write(
            () => (late > lateMs && !duty.evenLate ? agenda.onLate(domain) : duty.perform(domain)),
            scheduler
          )
      }
      arm()
    } catch (error) {
      onError(error)
      arm(retryMs)
    }
  }

  const unsubscribe = domain.bus.subscribe('duties', '', () => arm())
  arm()
  return () => {
    stopped = true
    unsubscribe()
    if (timer) clearTimeout(timer)
  }
}
