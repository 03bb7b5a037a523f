import { useEffect, useRef } from 'react'
import { useSearchParams } from 'wouter'
import type { Run } from '#contract/runs/runs'
import type { Target } from '../../../parts/run-stream/stream/use-jump.ts'

/** A link may lead to one event of a run, `?at=`, with what was found there, `find=`, in the search of the run. */
export function useSearchOfLink<Search extends { onWords: (words: string) => void }>(
  run: Run,
  search: Search,
  onTarget: (target: Target) => void
): Search {
  const [params] = useSearchParams()
  const at = Number(params.get('at') ?? 0)
  const find = (params.get('find') ?? '').slice(0, 200)
  const arrive = useRef({ onTarget, onWords: search.onWords })
  arrive.current = { onTarget, onWords: search.onWords }
  useEffect(() => {
    if (!Number.isSafeInteger(at) || at < 1) return
    if (find !== '') arrive.current.onWords(find)
    arrive.current.onTarget({ runId: run.id, seq: at, open: true, focus: true })
  }, [run.id, at, find])
  return search
}
