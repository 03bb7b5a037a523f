import Sqlite from 'better-sqlite3'

/** Pages as one would write them, rows to objects to JSON, without any HTTP: `{pages: [run, after][]}` → `{ms: number[]}`. */
const [file] = process.argv.slice(2)
const db = new Sqlite(file, { readonly: true })
const page = db.prepare(
  'SELECT seq, body FROM events WHERE id > (? << 32) + ? AND id < ((? + 1) << 32) ORDER BY id LIMIT 500'
)

process.on('message', ({ pages }: { pages: [number, number][] }) => {
  const ms = pages.map(([run, after]) => {
    const startedAt = performance.now()
    const text = JSON.stringify({ data: page.all(run, after, run) })
    if (text.length < 1000) throw new Error('an empty page')
    return performance.now() - startedAt
  })
  process.send?.({ ms })
})
process.on('SIGTERM', () => process.exit(0))
