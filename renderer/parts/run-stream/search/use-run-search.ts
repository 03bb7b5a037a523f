import { useEffect, useState } from 'react'
import { eventPageLimit, listRunEvents } from '#contract/runs/events'
import type { Run } from '#contract/runs/runs'
import { call, wordsOf } from '../../../lib/call.ts'
import { matches } from './matches.ts'

/** Typing is not interrupted by looking. */
const pauseMs = 180

export interface Found {
  words: string
  /** Events that hold the words, in order. */
  hits: number[]
  /** Events up to this one were looked at. */
  upTo: number
  fault: string | null
}

const nothing: Found = { words: '', hits: [], upTo: 0, fault: null }

/** Looks through all events of a run, also those that are not loaded, and goes on when more come. */
export function useRunSearch(run: Run, words: string): Found {
  const [found, setFound] = useState(nothing)
  const wanted = words.trim()
  const { id, lastSeq } = run
  const known = found.words === wanted ? found : nothing
  const { upTo } = known
  const done = wanted === '' || upTo >= lastSeq || known.fault !== null
  useEffect(() => {
    if (done) return
    const abort = new AbortController()
    const look = async () => {
      const page = await call(listRunEvents, {
        params: { id },
        query: { after: upTo, limit: eventPageLimit },
        signal: abort.signal
      })
      const hits = page.data.filter(event => matches(event, wanted)).map(event => event.seq)
      const last = page.data.at(-1)?.seq ?? lastSeq
      setFound(before => ({
        words: wanted,
        hits: before.words === wanted ? [...before.hits, ...hits] : hits,
        upTo: last,
        fault: null
      }))
    }
    const failed = (error: unknown) => {
      if (!abort.signal.aborted) setFound(before => ({ ...before, words: wanted, fault: wordsOf(error) }))
    }
    const timer = setTimeout(() => void look().catch(failed), upTo === 0 ? pauseMs : 0)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [id, wanted, upTo, lastSeq, done])
  return known
}
