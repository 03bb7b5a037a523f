import { useEffect, useState } from 'react'
import type { Run } from '#contract/runs/runs'
import { useSearchWords } from '../../search-words.ts'
import type { Target } from '../stream/use-jump.ts'
import { type Found, type Hit, useChainSearch } from './use-chain-search.ts'

interface SearchState {
  words: string
  onWords: (words: string) => void
  found: Found
  /** Index of the hit that is shown, -1 before the first. */
  at: number
  onGo: (index: number) => void
  /** The hit that is shown. */
  hit: Hit | null
}

/** The search of a chain: going to a hit leads the stream there and opens it. */
export function useSearch(runs: readonly Run[], onTarget: (target: Target) => void): SearchState {
  const { words } = useSearchWords()
  const [hit, setHit] = useState<Hit | null>(null)
  const found = useChainSearch(runs, words)
  useEffect(() => () => useSearchWords.setState({ words: '' }), [])
  // By what it is: hits of earlier runs are found later and come before it.
  const at = hit === null ? -1 : found.hits.findIndex(({ runId, seq }) => runId === hit.runId && seq === hit.seq)
  return {
    words,
    found,
    at,
    hit: at < 0 ? null : hit,
    onWords: text => {
      setHit(null)
      useSearchWords.setState({ words: text })
    },
    onGo: index => {
      const next = found.hits[index]
      if (!next) return
      setHit(next)
      onTarget({ ...next, open: true })
    }
  }
}
