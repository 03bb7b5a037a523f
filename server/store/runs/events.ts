import type { Database } from '../database.ts'

export interface StoredEvent {
  seq: number
  /** The event as JSON text, verbatim as every face sends it. */
  body: string
}

/** Those of run ?1 after seq ?2, by the number under which they lie: the run in the high half, the seq in the low one. */
export const eventsAfter = 'id > (?1 << 32) + ?2 AND id < ((?1 + 1) << 32)'

export type EventStore = ReturnType<typeof eventStore>

export function eventStore(db: Database) {
  const insert = db.prepare('INSERT INTO events (id, body) VALUES ((? << 32) | ?, ?)')
  const after = db.prepare<[number, number, number], StoredEvent>(
    `SELECT seq, body FROM events WHERE ${eventsAfter} ORDER BY id LIMIT ?3`
  )
  const joined = db
    .prepare<[number, number, number], Buffer>(
      `SELECT CAST(coalesce(group_concat(body, ','), '') AS BLOB)
       FROM (SELECT body FROM events WHERE ${eventsAfter} ORDER BY id LIMIT ?3)`
    )
    .pluck()
  const holding = db.prepare<[number, number, number, string], StoredEvent>(
    `SELECT seq, body FROM events WHERE ${eventsAfter} AND seq <= ?3 AND body LIKE ?4 ESCAPE '\\' ORDER BY id`
  )
  return {
    append: (run: number, event: StoredEvent) => insert.run(run, event.seq, event.body),
    after: (run: number, seq: number, limit: number) => after.all(run, seq, limit),
    /** Those after one and up to another whose text is like the pattern. */
    holding: (run: number, after: number, upTo: number, like: string) => holding.all(run, after, upTo, like),
    /** The same page as the inside of a JSON array in UTF-8: joined by SQLite, neither parsed nor made a string. */
    joinedAfter: (run: number, seq: number, limit: number) => joined.get(run, seq, limit) ?? Buffer.of()
  }
}
