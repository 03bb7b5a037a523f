import { useEffect, useRef } from 'react'
import type { Run } from '#contract/runs/runs'
import { announce } from '../../../lib/announce.ts'
import { count } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import { statusWord } from '../../run-status.tsx'
import { type Item, requestIn } from './items.ts'

const betweenCountsMs = 20_000

/** Tells screen readers of status changes, of a new request at once, and of new events at most every 20 s. */
export function useAnnouncements(run: Run, lastSeq: number, items: readonly Item[]): void {
  const word = statusWord(run)
  const lastWord = useRef(word)
  useEffect(() => {
    if (lastWord.current === word) return
    lastWord.current = word
    announce(`Run ${run.number}: ${word}`)
  }, [word, run.number])

  const request = items.findLast(item => requestIn(item) !== null)
  const title = (request && requestIn(request)?.request.title) ?? null
  const requestKey = request?.key
  useEffect(() => {
    if (requestKey !== undefined && title !== null) announce(`Waiting for you: ${visible(title)}`, 'assertive')
  }, [requestKey, title])

  const seq = useRef(lastSeq)
  const told = useRef(lastSeq)
  seq.current = lastSeq
  useEffect(() => {
    const timer = setInterval(() => {
      const fresh = seq.current - told.current
      told.current = seq.current
      if (fresh > 0) announce(count(fresh, 'new event'))
    }, betweenCountsMs)
    return () => clearInterval(timer)
  }, [])
}
