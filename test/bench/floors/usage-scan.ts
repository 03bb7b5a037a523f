import Sqlite from 'better-sqlite3'

/** What a question about usage costs without sums: a million events read, by their kind. Answers `{ms}` to any message. */
const [file] = process.argv.slice(2)
const db = new Sqlite(file, { readonly: true })
const scan = db.prepare(
  "SELECT json_extract(body, '$.kind') AS kind, substr(json_extract(body, '$.ts'), 1, 10) AS day, count(*) AS n, sum(length(body)) AS size FROM events GROUP BY 1, 2"
)

process.on('message', () => {
  const startedAt = performance.now()
  if (scan.all().length === 0) throw new Error('no events')
  process.send?.({ ms: performance.now() - startedAt })
})
process.on('SIGTERM', () => process.exit(0))
