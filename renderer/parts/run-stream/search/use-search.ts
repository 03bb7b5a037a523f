import { useEffect, useRef, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { useSearchWords } from '../../search-words.ts'
import type { Target } from '../stream/use-jump.ts'
import { type Found, useRunSearch } from './use-run-search.ts'

interface SearchState {
  words: string
  onWords: (words: string) => void
  found: Found
  at: number
  onGo: (index: number) => void
  /** The event that is shown. */
  hit: number | null
}

/** The search of a run: going to a hit leads the stream there and opens it. */
export function useSearch(run: Run, onTarget: (target: Target) => void): SearchState {
  const { words } = useSearchWords()
  const [at, setAt] = useState(-1)
  const found = useRunSearch(run, words)
  const runId = useRef(run.id)
  useEffect(() => () => useSearchWords.setState({ words: '' }), [])
  useEffect(() => {
    if (runId.current !== run.id) setAt(-1)
    runId.current = run.id
  }, [run.id])
  return {
    words,
    found,
    at,
    hit: found.hits[at] ?? null,
    onWords: text => {
      setAt(-1)
      useSearchWords.setState({ words: text })
    },
    onGo: index => {
      const seq = found.hits[index]
      if (seq === undefined) return
      setAt(index)
      onTarget({ runId: run.id, seq, open: true })
    }
  }
}
