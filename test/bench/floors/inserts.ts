import Sqlite from 'better-sqlite3'

/** Bare batched inserts with FULL sync, timed by who makes them: `{count, body}` → `{ms}`. */
const [file] = process.argv.slice(2)
const db = new Sqlite(file)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(
  'CREATE TABLE events (run INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID'
)
const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?)')
const batch = 200
let run = 0

const insertBatch = db.transaction((from: number, body: string) => {
  for (let seq = from; seq < from + batch; seq++) insert.run(run, seq, body)
})

process.on('message', ({ count, body }: { count: number; body: string }) => {
  run++
  const startedAt = performance.now()
  for (let seq = 1; seq <= count; seq += batch) insertBatch(seq, body)
  process.send?.({ ms: performance.now() - startedAt })
})
process.on('SIGTERM', () => process.exit(0))
