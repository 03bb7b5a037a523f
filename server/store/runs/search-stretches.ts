import type { Database } from '../database.ts'
import { visible } from '../people/sight.ts'
import type { SearchQuestion } from './search-question.ts'

/** Newest runs that are looked through at first; each time twice as many. */
const firstStretch = 256
/** What a run may go on telling after it ended. */
export const lateMs = 86_400_000
export const lastRun = 2 ** 31 - 2

/** Runs from a number up to another one. */
interface Stretch {
  from: number
  to: number
}

export function runsToLookThrough(db: Database) {
  const newest = db.prepare<[], number | null>('SELECT max(number) FROM fleet.runs').pluck()
  const nextRun = db.prepare<[number], { number: number; created_at: number }>(
    'SELECT number, created_at FROM fleet.runs WHERE number >= ? ORDER BY number LIMIT 1'
  )

  const firstEnded = db
    .prepare<[number], number | null>('SELECT min(number) FROM fleet.runs WHERE ended_at >= ?')
    .pluck()
  const firstLive = db
    .prepare<[], number | null>(
      "SELECT min(number) FROM fleet.runs WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING', 'WAITING')"
    )
    .pluck()

  /** The newest run that began ahead of a time: numbers go up with it. */
  function lastBefore(time: number, upTo: number): number {
    let [low, high] = [0, upTo]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const run = nextRun.get(middle)
      if (run && run.number <= high && run.created_at < time) low = run.number
      else high = middle - 1
    }
    return low
  }

  /** The oldest run that may have told something since. */
  function firstSince(time: number): number {
    const ended = firstEnded.get(time - lateMs) ?? lastRun
    return Math.min(ended, firstLive.get() ?? lastRun)
  }

  /** Runs in which there may be hits, newest first. */
  function* stretches(question: SearchQuestion): Generator<Stretch> {
    const { sight, agentId, run, before, below } = question
    if (run !== null) return yield { from: run, to: run }
    const top = below === null ? (newest.get() ?? 0) : below.run
    const to = before === null ? top : lastBefore(before, top)
    if (sight === 'everything' && agentId === null) yield* doubling(to)
    else yield* ofRuns(db, question, to)
  }

  return { stretches, firstSince }
}

/** All runs, more of them each time: who finds enough among the newest does not look at the rest. */
function* doubling(newest: number): Generator<Stretch> {
  for (let to = newest, size = firstStretch; to > 0; size *= 2) {
    const from = Math.max(1, to - size + 1)
    yield { from, to }
    to = from - 1
  }
}

/** One run after the other, where few of all can have hits. */
function* ofRuns(db: Database, { sight, agentId }: SearchQuestion, newest: number): Generator<Stretch> {
  const own = visible(sight, 'runs')
  const where = [
    'number <= ?',
    'events_removed_at IS NULL',
    ...own.where,
    ...(agentId === null ? [] : ['agent_id = ?'])
  ]
  const numbers = db
    .prepare<(string | number)[], number>(
      `SELECT number FROM fleet.runs WHERE ${where.join(' AND ')} ORDER BY number DESC LIMIT ?`
    )
    .pluck()
  for (let to = newest; to > 0; ) {
    const some = numbers.all(to, ...own.values, ...(agentId === null ? [] : [agentId]), firstStretch)
    for (const number of some) yield { from: number, to: number }
    to = (some.at(-1) ?? 1) - 1
  }
}
