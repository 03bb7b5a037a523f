import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'
import express from 'express'

/** The same rows as anyone would list them: Express, one SELECT, JSON; nobody is asked who they are. */
const [file] = process.argv.slice(2)
const db = new Sqlite(file)
db.pragma('journal_mode = WAL')
const list = db.prepare('SELECT * FROM agents ORDER BY number DESC LIMIT 20')
const app = express()
app.disable('etag')
app.get('/agents', (_request, response) => {
  response.json({ data: list.all() })
})
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
// As long as ours: a client that waits for its turn must find its connection again.
server.keepAliveTimeout = 65_000
process.on('SIGTERM', () => process.exit(0))
