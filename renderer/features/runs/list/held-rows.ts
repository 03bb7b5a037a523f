import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { keys } from '../../../lib/query-keys.ts'

export interface Held {
  /** What is shown: while rows are held, those of before in their order, each as it is now. */
  rows: readonly Run[]
  /** Came since. */
  fresh: number
}

/**
 * `known`: the rows that stand there; null when they are not held. Runs come with the latest first; `latest` knows what
 * became of one that is no longer among them.
 */
export function heldRows(
  runs: readonly Run[],
  known: readonly Run[] | null,
  latest: (id: string) => Run | undefined
): Held {
  const first = known?.[0]
  if (!known || !first) return { rows: runs, fresh: 0 }
  const now = new Map(runs.map(run => [run.id, run]))
  const there = new Set(known.map(run => run.id))
  const others = runs.filter(run => !there.has(run.id))
  // Older ones come when the reader scrolls down to them.
  const older = others.filter(run => run.number < first.number)
  return {
    rows: [...known.map(run => now.get(run.id) ?? latest(run.id) ?? run), ...older],
    fresh: others.length - older.length
  }
}

/** Rows do not move under a pointer, nor under a reader who scrolled down, until either is gone or the new ones are wanted. */
export function useHeldRows(runs: readonly Run[]) {
  const [holding, setHolding] = useState({ pointer: false, scrolled: false })
  const known = useRef<readonly Run[] | null>(null)
  const queries = useQueryClient()
  const holds = holding.pointer || holding.scrolled
  const held = heldRows(runs, holds ? known.current : null, id => queries.getQueryData<Run>(keys.run(id)))
  known.current = holds ? held.rows : null
  return {
    ...held,
    hold: (change: Partial<typeof holding>) =>
      setHolding(before => {
        const after = { ...before, ...change }
        return after.pointer === before.pointer && after.scrolled === before.scrolled ? before : after
      }),
    release: () => setHolding({ pointer: false, scrolled: false })
  }
}
