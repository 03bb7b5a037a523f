import type { Change, Noun } from '#contract/live'
import type { Database } from './database.ts'

export interface ChangeRow {
  seq: number
  ts: number
  noun: Noun
  op: Change['op']
  id: string
}

export type ChangeStore = ReturnType<typeof changeStore>

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
  return {
    add(ts: number, noun: Noun, op: Change['op'], id: string): void {
      const seq = Number(insert.run(ts, noun, op, id).lastInsertRowid)
      if (seq % trimEvery === 0) trim.run(seq - kept)
    },
    after: (seq: number, limit: number) => after.all(seq, limit),
    /** First and last seq that are there; null when nothing ever changed. */
    bounds: () => bounds.get() ?? { first: null, last: null }
  }
}
