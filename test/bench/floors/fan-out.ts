import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'

/**
 * The loop that one would write: what is posted goes to every listener as one shared buffer. With a file as argument each
 * post is committed first.
 */
const [file] = process.argv.slice(2)
const commit = file === undefined ? () => {} : committer(file)
const listeners = new Set<ServerResponse>()
let seq = 0

function committer(path: string): (seq: number, body: string) => void {
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(
    'CREATE TABLE events (run INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID'
  )
  const insert = db.prepare('INSERT INTO events VALUES (1, ?, ?)')
  return (number, body) => void insert.run(number, body)
}

function take(text: string): void {
  for (const item of JSON.parse(text).items) {
    const body = JSON.stringify({ seq: ++seq, ts: item.ts, kind: item.kind, message: item.message, data: item.data })
    commit(seq, body)
    const frame = Buffer.from(`id: ${seq}\ndata: ${body}\n\n`)
    for (const listener of listeners) listener.write(frame)
  }
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write(': hello\n\n')
    listeners.add(response)
    return
  }
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    take(Buffer.concat(chunks).toString('utf8'))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
    response.end('{}')
  })
})
// As ours: between the rounds of the other side a connection may be at rest for long.
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('SIGTERM', () => process.exit(0))
