import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { v7 as uuidv7 } from 'uuid'
import { eventBody } from './events.ts'
import { cache, root, startOurs, stop } from './processes.ts'
import { untilRead } from './search-store.ts'

/** The store of somebody who has used Flotilla for long: 100,000 runs, a million events. */
export const fullStore = {
  runs: 100_000,
  /** The newest runs are long; every other one has a single event. */
  longRuns: 900,
  eventsOfLongRun: 1001,
  get firstLongRun() {
    return this.runs - this.longRuns + 1
  }
}

const sources = [
  'server/store/migrations/001-initial.ts',
  'server/store/migrations/019-events-by-one-key.ts',
  'server/store/migrations/index.ts',
  'test/bench/full-store.ts',
  'test/bench/events.ts'
]

/** Its data folder, built once and kept in `.cache`. */
export async function fullStoreFolder(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of sources) hash.update(readFileSync(join(root, file)))
  const folder = join(cache, `full-store-${hash.digest('hex').slice(0, 12)}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  for (const name of readdirSync(cache))
    if (name.startsWith('full-store-')) rmSync(join(cache, name), { recursive: true })
  console.log('Building a store of 100,000 runs and a million events, once')
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  // The product itself makes the schema.
  await stop((await startOurs(fresh)).process)
  fill(join(fresh, 'flotilla.db'))
  const server = await startOurs(fresh)
  await untilRead(fresh)
  await stop(server.process)
  renameSync(fresh, folder)
  return folder
}

const runtimes = ['claude-code', 'practice', 'command']
const statuses = ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'CANCELLED']

function fill(file: string): void {
  const db = new Sqlite(file)
  db.pragma('synchronous = OFF')
  const run = db.prepare(
    `INSERT INTO runs (id, status, status_since, input, cwd, permission_mode, runtime, pinned, place, root_run_id, fork,
       trigger, result, last_seq, created_at, started_at, ended_at)
     VALUES (@id, @status, @at, @input, '/home/me/project', 'default', @runtime, 0, 'host', @id, 0, 'manual', 'Done.',
       @events, @at, @at, @at)`
  )
  const event = db.prepare('INSERT INTO events (id, body) VALUES ((? << 32) | ?, ?)')
  const fillRuns = db.transaction((from: number, to: number) => {
    for (let number = from; number < to; number++) {
      const at = Date.now() - (fullStore.runs - number) * 60_000
      const events = number >= fullStore.firstLongRun ? fullStore.eventsOfLongRun : 1
      const status = statuses[number % statuses.length]
      const runtime = runtimes[number % runtimes.length]
      run.run({ id: uuidv7(), status, at, input: `Fix the flaky test number ${number}`, runtime, events })
      for (let seq = 1; seq <= events; seq++) event.run(number, seq, eventBody(seq))
    }
  })
  const step = 1000
  for (let from = 1; from <= fullStore.runs; from += step) fillRuns(from, from + step)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}
