import type { RunnerRow } from '../../store/runners/runners.ts'

/**
 * When runners were last heard, kept in memory: a runner that has nothing to do must not cost a write. One whose call is
 * parked is there as long as its connection is open. As many entries as there are runners.
 */
export interface Presence {
  heard(id: string, now: number): void
  /** A call of it waits here; ends with the returned function, which counts as a word. */
  park(id: string): (now: number) => void
  isParked(id: string): boolean
  /** In ms; what the store knows where nothing was heard since the start. */
  lastHeard(row: Pick<RunnerRow, 'id' | 'last_heartbeat_at'>): number
  forget(id: string): void
}

export function createPresence(): Presence {
  const words = new Map<string, number>()
  const calls = new Map<string, number>()
  return {
    heard: (id, now) => void words.set(id, now),
    park(id) {
      calls.set(id, (calls.get(id) ?? 0) + 1)
      return now => {
        const left = (calls.get(id) ?? 1) - 1
        if (left > 0) calls.set(id, left)
        else calls.delete(id)
        // One that left by its own word is not heard of again.
        if (words.has(id)) words.set(id, now)
      }
    },
    isParked: id => calls.has(id),
    lastHeard: row => Math.max(row.last_heartbeat_at, words.get(row.id) ?? 0),
    forget: id => void words.delete(id)
  }
}
