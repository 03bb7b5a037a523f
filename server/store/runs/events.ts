import type { Database } from '../database.ts'

export interface StoredEvent {
  seq: number
  /** The event as JSON text, verbatim as every face sends it. */
  body: string
}

/** By the number under which they lie, the run in its high half and the seq in its low one. To be given: run, seq, run. */
export const eventsAfter = 'id > (? << 32) + CAST(? AS INTEGER) AND id < ((? + 1) << 32)'

export function eventStore(db: Database) {
  const insert = db.prepare('INSERT INTO events (id, body) VALUES ((? << 32) | ?, ?)')
  const after = db.prepare<[number, number, number, number], StoredEvent>(
    `SELECT seq, body FROM events WHERE ${eventsAfter} ORDER BY id LIMIT ?`
  )
  const joined = db
    .prepare<[number, number, number, number], Buffer>(
      `SELECT CAST(coalesce(group_concat(body, ','), '') AS BLOB)
       FROM (SELECT body FROM events WHERE ${eventsAfter} ORDER BY id LIMIT ?)`
    )
    .pluck()
  const holding = db.prepare<[number, number, number, number, string], StoredEvent>(
    `SELECT seq, body FROM events WHERE ${eventsAfter} AND seq <= ? AND body LIKE ? ESCAPE '\\' ORDER BY id`
  )
  // Found by its text, which is cheap, and known by what it says.
  const toolCalls = db.prepare<[number, number, number, number], { tool: string | null; message: string }>(
    `SELECT body ->> '$.data.tool' AS tool, body ->> '$.message' AS message FROM events
     WHERE ${eventsAfter} AND instr(body, '"tool_use"') > 0 AND body ->> '$.kind' = 'tool_use' ORDER BY id LIMIT ?`
  )
  return {
    append: (run: number, event: StoredEvent) => insert.run(run, event.seq, event.body),
    after: (run: number, seq: number, limit: number) => after.all(run, seq, run, limit),
    /** Those after one and up to another whose text is like the pattern. */
    holding: (run: number, after: number, upTo: number, like: string) => holding.all(run, after, run, upTo, like),
    toolCalls: (run: number, limit: number) => toolCalls.all(run, 0, run, limit),
    /** The same page as the inside of a JSON array in UTF-8: joined by SQLite, neither parsed nor made a string. */
    joinedAfter: (run: number, seq: number, limit: number) => joined.get(run, seq, run, limit) ?? Buffer.of()
  }
}
