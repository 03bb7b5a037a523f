import { randomUUID } from 'node:crypto'
import type { Change, Noun } from '#contract/live'
import type { Database } from './database.ts'

export interface ChangeRow {
  seq: number
  ts: number
  noun: Noun
  op: Change['op']
  id: string
}

/** Changes kept for listeners that come back; older ones are told to read again. */
const kept = 20_000
const trimEvery = 1000

export function changeStore(db: Database) {
  const insert = db.prepare('INSERT INTO changes (ts, noun, op, id) VALUES (?, ?, ?, ?)')
  const trim = db.prepare('DELETE FROM changes WHERE seq <= ?')
  const after = db.prepare<[number, number], ChangeRow>('SELECT * FROM changes WHERE seq > ? ORDER BY seq LIMIT ?')
  const bounds = db.prepare<[], { first: number | null; last: number | null }>(
    'SELECT (SELECT min(seq) FROM changes) AS first, (SELECT max(seq) FROM changes) AS last'
  )
  /** Changes of each kind of thing since the start, and what is of this start only. */
  const counts = new Map<Noun, number>()
  const start = randomUUID().slice(0, 8)
  return {
    /** Differs whenever one of these kinds changed, and after every start: an unchanged list can be told from it alone. */
    version: (nouns: readonly Noun[]) => `${start}-${nouns.map(noun => counts.get(noun) ?? 0).join('-')}`,
    add(ts: number, noun: Noun, op: Change['op'], id: string): void {
      const seq = Number(insert.run(ts, noun, op, id).lastInsertRowid)
      counts.set(noun, (counts.get(noun) ?? 0) + 1)
      if (seq % trimEvery === 0) trim.run(seq - kept)
    },
    after: (seq: number, limit: number) => after.all(seq, limit),
    /** First and last seq that are there; null when nothing ever changed. */
    bounds: () => bounds.get() ?? { first: null, last: null }
  }
}
