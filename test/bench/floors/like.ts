import Sqlite from 'better-sqlite3'

/** The newest events that hold a text, as one would look for them without an index: `{texts: string[]}` → `{ms: number[]}`. */
const [file] = process.argv.slice(2)
const db = new Sqlite(file, { readonly: true })
db.pragma('mmap_size = 2147483648')
const holding = db.prepare("SELECT id FROM events WHERE body LIKE '%' || ? || '%' ORDER BY id DESC LIMIT 50")

process.on('message', ({ texts }: { texts: string[] }) => {
  const ms = texts.map(text => {
    const startedAt = performance.now()
    holding.all(text)
    return performance.now() - startedAt
  })
  process.send?.({ ms })
})
process.on('SIGTERM', () => process.exit(0))
