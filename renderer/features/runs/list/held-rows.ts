import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { keys } from '../../../lib/query-keys.ts'
import type { Line } from './run-groups.ts'

export interface Held {
  /** What is shown: while lines are held, those of before in their order, each run as it is now. */
  lines: readonly Line[]
  /** Runs that came since. */
  fresh: number
}

/**
 * `known`: the lines that stand there; null when they are not held. `latest` knows what became of a run that is no longer
 * among them.
 */
export function heldLines(
  lines: readonly Line[],
  known: readonly Line[] | null,
  latest: (id: string) => Run | undefined
): Held {
  if (!known || known.length === 0) return { lines, fresh: 0 }
  const now = new Map(lines.map(line => [line.id, line]))
  const there = new Set(known.map(line => line.id))
  const oldest = Math.min(...known.map(line => (line.type === 'run' ? line.run.number : Number.POSITIVE_INFINITY)))
  const isOlder = (line: Line | undefined) => line?.type === 'run' && !there.has(line.id) && line.run.number < oldest
  // Older ones come, with the heads of their days, when the reader scrolls down to them.
  const older = lines.filter(
    (line, at) => isOlder(line) || (line.type === 'head' && !there.has(line.id) && isOlder(lines[at + 1]))
  )
  const runs = (some: readonly Line[]) => some.filter(line => line.type === 'run' && !there.has(line.id)).length
  return {
    lines: [...known.map(line => current(line, now, latest)), ...older],
    fresh: runs(lines) - runs(older)
  }
}

function current(line: Line, now: ReadonlyMap<string, Line>, latest: (id: string) => Run | undefined): Line {
  const same = now.get(line.id)
  if (same) return same
  const run = line.type === 'run' ? latest(line.id) : undefined
  return run ? { type: 'run', id: run.id, run } : line
}

/** Lines do not move under a pointer, nor under a reader who scrolled down, until either is gone or the new ones are wanted. */
export function useHeldLines(lines: readonly Line[]) {
  const [holding, setHolding] = useState({ pointer: false, scrolled: false })
  const known = useRef<readonly Line[] | null>(null)
  const queries = useQueryClient()
  const holds = holding.pointer || holding.scrolled
  const held = heldLines(lines, holds ? known.current : null, id => queries.getQueryData<Run>(keys.run(id)))
  known.current = holds ? held.lines : null
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
