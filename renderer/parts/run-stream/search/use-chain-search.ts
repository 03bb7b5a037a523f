import { useEffect, useMemo, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { searchRunEvents } from '#contract/runs/search'
import { call, wordsOf } from '../../../lib/call.ts'

/** Typing is not interrupted by looking. */
const pauseMs = 120

export interface Hit {
  runId: string
  seq: number
}

export interface Found {
  /** Events that hold the words: those of the first run of the chain first. */
  hits: readonly Hit[]
  /** How much was looked at, from 0 to 1. */
  share: number
  fault: string | null
}

interface Looked {
  words: string
  runs: ReadonlyMap<string, { hits: readonly number[]; upTo: number }>
  fault: string | null
}

const nothing: Looked = { words: '', runs: new Map(), fault: null }

/** Looks through all events of some runs, also those that are not loaded, and goes on when more come. */
export function useChainSearch(runs: readonly Run[], words: string): Found {
  const wanted = words.trim()
  const [looked, setLooked] = useState(nothing)
  const known = looked.words === wanted ? looked : nothing
  // The newest run is what the reader sees: it is looked through first.
  const next = runs.findLast(run => upToOf(known, run) < run.lastSeq)
  const after = next && upToOf(known, next)
  const id = next?.id
  const open = wanted !== '' && id !== undefined && known.fault === null
  useEffect(() => {
    if (!open || id === undefined || after === undefined) return
    const abort = new AbortController()
    const look = async () => {
      const answer = await call(searchRunEvents, {
        params: { id },
        query: { words: wanted, after },
        signal: abort.signal
      })
      setLooked(before => added(before.words === wanted ? before : { ...nothing, words: wanted }, id, answer))
    }
    const failed = (error: unknown) => {
      if (!abort.signal.aborted) setLooked(before => ({ ...before, words: wanted, fault: wordsOf(error) }))
    }
    const timer = setTimeout(() => void look().catch(failed), known.runs.size === 0 ? pauseMs : 0)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [open, id, after, wanted, known.runs.size])
  return useMemo(() => {
    const hits = runs.flatMap(run => known.runs.get(run.id)?.hits.map(seq => ({ runId: run.id, seq })) ?? [])
    const all = runs.reduce((sum, run) => sum + run.lastSeq, 0)
    const done = runs.reduce((sum, run) => sum + Math.min(run.lastSeq, upToOf(known, run)), 0)
    return { hits, share: all === 0 ? 1 : done / all, fault: known.fault }
  }, [runs, known])
}

function upToOf(looked: Looked, run: Run): number {
  return looked.runs.get(run.id)?.upTo ?? 0
}

function added(before: Looked, runId: string, { hits, upTo }: { hits: number[]; upTo: number }): Looked {
  const known = before.runs.get(runId)?.hits ?? []
  return { ...before, runs: new Map(before.runs).set(runId, { hits: [...known, ...hits], upTo }) }
}
