import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { v7 as uuidv7 } from 'uuid'
import { search } from '#contract/runs/search'
import { appOf } from './live-run.ts'
import { cache, startOurs, stop } from './processes.ts'

/** A million events of words that differ: each of the common ones stands in one of fifty events, some in a few of all. */
export const searchStore = { runs: 1000, eventsOfRun: 1000, words: 1000, wordsOfEvent: 18, oneRareIn: 50_000 }

/** By this number the store is made anew when what is above changes. */
const version = 1

export async function searchStoreFolder(): Promise<string> {
  const folder = join(cache, `search-store-${version}`)
  if (existsSync(folder)) return folder
  console.log('Building a store of a million events to search, once')
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  // The product itself makes the schema, and reads what was put in.
  await stop((await startOurs(fresh)).process)
  fill(join(fresh, 'flotilla.db'))
  const server = await startOurs(fresh)
  await untilRead(fresh)
  await stop(server.process)
  renameSync(fresh, folder)
  return folder
}

/** Waits until a control plane has read all that was there before its index. */
export async function untilRead(dataDir: string): Promise<void> {
  const app = appOf(dataDir)
  while (!(await app.call(search, { query: { q: 'anything', limit: 1 } })).index.complete) await delay(500)
}

/** The same for the same seed. */
function randomBy(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const syllables = ['ka', 'lo', 'mi', 'ner', 'pu', 'ras', 'ten', 'vo', 'zim', 'bel']
/** No word is a form of another one. */
export const wordOf = (n: number) => [100, 10, 1].map(place => syllables[Math.floor(n / place) % 10]).join('')

function fill(file: string): void {
  const db = new Sqlite(file)
  db.pragma('synchronous = OFF')
  const random = randomBy(20261130)
  const run = db.prepare(
    `INSERT INTO runs (id, status, status_since, input, permission_mode, runtime, pinned, place, root_run_id, fork, trigger, last_seq,
       created_at, started_at, ended_at)
     VALUES (@id, 'SUCCEEDED', @at, 'search', 'default', 'command', 0, 'host', @id, 0, 'manual', @events, @at, @at, @at)`
  )
  const event = db.prepare('INSERT INTO events (id, body) VALUES ((? << 32) | ?, ?)')
  const fillRun = db.transaction((number: number) => {
    const at = Date.now() - (searchStore.runs - number) * 60_000
    run.run({ id: uuidv7(), at, events: searchStore.eventsOfRun })
    for (let seq = 1; seq <= searchStore.eventsOfRun; seq++) {
      const words = Array.from({ length: searchStore.wordsOfEvent }, () => wordOf(random(searchStore.words)))
      if (random(searchStore.oneRareIn) === 0) words.push('needle')
      event.run(
        number,
        seq,
        JSON.stringify({
          seq,
          ts: new Date(at).toISOString(),
          kind: 'assistant',
          message: words.join(' '),
          data: { block: `b${seq}`, pad: 'y'.repeat(100) }
        })
      )
    }
  })
  for (let number = 1; number <= searchStore.runs; number++) fillRun(number)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}
