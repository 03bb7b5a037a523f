import { useCallback, useRef, useState } from 'react'
import type { Hunk } from '#contract/runs/events'

/** Where the keys act: a hunk of a file, and a line of it by its place there. */
export interface Cursor {
  path: string
  hunk: number
  /** null: none is chosen, the first changed one counts. */
  line: number | null
}

/** Moves over the hunks of all files; which a file has is known once it is shown. */
export function useCursor(paths: readonly string[]) {
  const known = useRef(new Map<string, readonly Hunk[]>())
  const [at, setAt] = useState<Cursor | null>(null)
  const cursor = at !== null && paths.includes(at.path) ? at : null
  const onHunks = useCallback((path: string, hunks: readonly Hunk[]) => void known.current.set(path, hunks), [])
  const hunksOf = (path: string) => known.current.get(path) ?? []

  function step(by: 1 | -1): Cursor | null {
    const [first] = paths
    if (first === undefined) return null
    if (cursor === null) return { path: first, hunk: 0, line: null }
    const within = cursor.hunk + by
    if (within >= 0 && within < hunksOf(cursor.path).length) return { ...cursor, hunk: within, line: null }
    const path = paths[paths.indexOf(cursor.path) + by]
    if (path === undefined) return cursor
    return { path, hunk: by === 1 ? 0 : Math.max(0, hunksOf(path).length - 1), line: null }
  }

  function stepLine(by: 1 | -1): Cursor | null {
    const lines = cursor === null ? [] : (hunksOf(cursor.path)[cursor.hunk]?.lines ?? [])
    if (cursor === null || lines.length === 0) return cursor
    const from = cursor.line ?? firstChanged(lines) - by
    return { ...cursor, line: Math.min(lines.length - 1, Math.max(0, from + by)) }
  }

  return {
    cursor,
    setAt,
    hunksOf,
    onHunks,
    move: (by: 1 | -1) => setAt(step(by)),
    moveLine: (by: 1 | -1) => setAt(stepLine(by))
  }
}

/** Lines of a hunk, as git writes them. */
export function firstChanged(lines: readonly string[]): number {
  return Math.max(
    0,
    lines.findIndex(line => line.startsWith('+') || line.startsWith('-'))
  )
}
