import type { Domain } from './domain.ts'

/** Something that must happen at a time. It says by which clock, and what it means that the time was missed by far. */
export interface Duty {
  /** In how many ms it is due, 0 or less: now; null: nothing is to be done. Asked often: one look at an index. */
  due(domain: Domain): number | null
  /** Inside a write of its own; a step that is bounded. What is left is due again at once. */
  perform(domain: Domain): void
  /**
   * Instead, when it is overdue by more than `lateMs`: the computer slept, the time was set, or this process stood still.
   * It is not to be late any more afterwards. `perform`: being late changes nothing.
   */
  late: 'perform' | ((domain: Domain, byMs: number) => void)
}

/** Overdue by more than this is late, in ms. */
export const lateMs = 10_000
