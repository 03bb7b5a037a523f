import type { RunnerRow } from '../../store/runners/runners.ts'
import type { Clock } from '../clock.ts'

/**
 * When runners were last heard, kept in memory: a runner that has nothing to do must not cost a write. One whose call is
 * parked is there as long as its connection is open. As many entries as there are runners.
 */
export interface Presence {
  heard(id: string): void
  /** A call of it waits here; ends with the returned function, which counts as a word. */
  park(id: string): () => void
  isParked(id: string): boolean
  /** For how long it was silent; since the start, where nothing was heard since. */
  silentMs(id: string): number
  /** In ms since 1970; what the store knows where nothing was heard since the start. */
  lastHeard(row: Pick<RunnerRow, 'id' | 'last_heartbeat_at'>): number
  forget(id: string): void
}

export function createPresence(clock: Clock): Presence {
  const start = clock.steady()
  const words = new Map<string, { at: number; steady: number }>()
  const calls = new Map<string, number>()
  const word = () => ({ at: clock.now(), steady: clock.steady() })
  return {
    heard: id => void words.set(id, word()),
    park(id) {
      calls.set(id, (calls.get(id) ?? 0) + 1)
      return () => {
        const left = (calls.get(id) ?? 1) - 1
        if (left > 0) calls.set(id, left)
        else calls.delete(id)
        // One that left by its own word is not heard of again.
        if (words.has(id)) words.set(id, word())
      }
    },
    isParked: id => calls.has(id),
    silentMs: id => (calls.has(id) ? 0 : clock.steady() - (words.get(id)?.steady ?? start)),
    lastHeard: row => words.get(row.id)?.at ?? row.last_heartbeat_at,
    forget: id => void words.delete(id)
  }
}
