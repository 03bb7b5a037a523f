import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'
import express from 'express'
import { z } from 'zod'

/** What anyone would begin with: Express, SQLite and zod, one table, one validated list. */
const [file] = process.argv.slice(2)
const db = new Sqlite(file)
db.pragma('journal_mode = WAL')
const list = db.prepare('SELECT number, id, status, input FROM runs ORDER BY number DESC LIMIT ?')
const query = z.object({ limit: z.coerce.number().int().min(1).max(500).default(20) })
const app = express()
app.get('/runs', (request, response) => {
  response.json({ data: list.all(query.parse(request.query).limit) })
})
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))
