import type { Database } from './database.ts'

export interface LimitCount {
  subject: string
  /** Number of a part of the window; they count up with time. */
  cell: number
  count: number
}

export function limitStore(db: Database) {
  const since = db.prepare<[string, number], LimitCount>(
    'SELECT subject, cell, count FROM limit_counts WHERE limit_id = ? AND cell >= ? ORDER BY cell'
  )
  const add = db.prepare<[string, string, number]>(
    `INSERT INTO limit_counts VALUES (?, ?, ?, 1)
     ON CONFLICT (limit_id, subject, cell) DO UPDATE SET count = count + 1`
  )
  const forget = db.prepare<[string, string]>('DELETE FROM limit_counts WHERE limit_id = ? AND subject = ?')
  const prune = db.prepare<[string, number]>('DELETE FROM limit_counts WHERE limit_id = ? AND cell < ?')
  return {
    since: (limit: string, cell: number) => since.all(limit, cell),
    add: (limit: string, subject: string, cell: number) => add.run(limit, subject, cell),
    forget: (limit: string, subject: string) => forget.run(limit, subject),
    prune: (limit: string, before: number) => prune.run(limit, before)
  }
}
