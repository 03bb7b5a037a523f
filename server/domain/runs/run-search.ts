import { setImmediate } from 'node:timers/promises'
import type { RunEvent } from '#contract/runs/events'
import { hitLimit } from '#contract/runs/search'
import { shownTexts } from '#contract/runs/shown-text'
import type { Reading } from '../domain.ts'
import { requireRun } from './runs.ts'

/** Events looked at in one go: others are served in between. */
const stride = 1000
/** Events looked at for one answer. */
const longestLook = 100_000

interface Question {
  words: string
  after: number
  /** False once nobody waits for the answer: who types asks anew with each letter. */
  stillAsked: () => boolean
}

/** Which events of a run show the words. The store looks for one of them, the rest is read closely. */
export async function searchEvents(domain: Reading, id: string, { words, after, stillAsked }: Question) {
  const run = requireRun(domain, id)
  const wanted = words.toLowerCase()
  const like = likeOf(words)
  const last = Math.min(run.last_seq, after + longestLook)
  const hits: number[] = []
  let upTo = after
  while (upTo < last && hits.length < hitLimit && stillAsked()) {
    const to = Math.min(last, upTo + stride)
    for (const { seq, body } of domain.store.events.holding(run.number, upTo, to, like)) {
      if (shows(JSON.parse(body) as RunEvent, wanted)) hits.push(seq)
    }
    upTo = to
    await setImmediate()
  }
  if (hits.length <= hitLimit) return { hits, upTo }
  const kept = hits.slice(0, hitLimit)
  return { hits: kept, upTo: kept.at(-1) ?? upTo }
}

/** Whether the words stand in what an event shows: its text, or the text inside its data. */
export function shows(event: Pick<RunEvent, 'message' | 'data'>, wanted: string): boolean {
  for (const text of shownTexts(event)) if (text.toLowerCase().includes(wanted)) return true
  return false
}

/**
 * A pattern that the text of every such event matches: its longest word, as it stands in JSON. SQLite knows both cases of
 * ASCII letters alone, so that the word ends at all else.
 */
export function likeOf(words: string): string {
  const plain = words.match(/[\x21-\x7e]+/g)?.flatMap(word => word.split(/["\\]/)) ?? []
  const longest = plain.reduce((a, b) => (b.length > a.length ? b : a), '')
  return `%${longest.replace(/[%_\\]/g, '\\$&')}%`
}
