import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type SearchIndex, searchedKinds } from '#contract/runs/search'
import { iso } from '../columns.ts'
import type { Database } from '../database.ts'
import { tokenizer } from './search-excerpt.ts'
import { type ReadRun, runReading } from './search-reading.ts'

/** Beside the database, never in a copy of it: it can be made anew from what it is about. */
export const searchFile = (dataDir: string) => join(dataDir, 'search.db')

export function removeSearchIndex(dataDir: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(searchFile(dataDir) + part, { force: true })
}

/** Of this program's way to read events; another one is made anew. */
const format = 1
/** Of one step, so that questions in between do not wait. */
const stepMs = 20
const stepRuns = 200
/** Older runs are read in blocks of about so many. */
const blockEvents = 2000
/** Runs that are held against the database when it is opened. */
const verified = 200

export interface IndexStep {
  read: ReadRun[]
  /** There is more to do at once. */
  more: boolean
  /** Older runs are yet to be read. */
  behind: boolean
}

const columns = [...searchedKinds].join(', ')
const schema = `
CREATE VIRTUAL TABLE said USING fts5(${columns}, content = '', contentless_delete = 1, tokenize = '${tokenizer}');
CREATE TABLE runs_read (run INTEGER PRIMARY KEY, id TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`

/** Thrown when the index is of other data, or of another program. */
class Foreign extends Error {}

export interface OpenIndex {
  /** The database of the runs is attached to it, as `fleet`. */
  db: Database
  /** Reads a bounded share of what is new, then of what was there before. */
  step(): IndexStep
  state(): SearchIndex
  noteRebuilt(why: string): void
  close(): void
}

/** Opens the index of a database, or makes an empty one. Throws when it cannot be used as it is. */
export function openSearchIndex(file: string): OpenIndex {
  const db = new Sqlite(searchFile(dirname(file)), { timeout: 2000 })
  try {
    db.pragma('journal_mode = WAL')
    // What a power cut takes is read again.
    db.pragma('synchronous = NORMAL')
    db.prepare('ATTACH ? AS fleet').run(file)
    const fresh = db.pragma('user_version', { simple: true }) === 0
    if (fresh) create(db)
    else verify(db)
    const source = new Sqlite(file, { readonly: true, timeout: 2000 })
    return {
      db,
      step: stepping(db, source),
      ...stateOf(db, source),
      close() {
        source.close()
        db.close()
      }
    }
  } catch (error) {
    db.close()
    throw error
  }
}

function create(db: Database): void {
  db.transaction(() => {
    db.exec(schema)
    // All that is there is read from the newest run on, besides what comes.
    db.exec("INSERT INTO facts SELECT 'below', coalesce(max(number), 0) + 1 FROM fleet.runs")
    db.pragma(`user_version = ${format}`)
  })()
}

function verify(db: Database): void {
  if (db.pragma('user_version', { simple: true }) !== format) throw new Foreign('another version of Flotilla made it')
  const foreign = db
    .prepare<[number], unknown>(
      `SELECT 1 FROM (SELECT * FROM runs_read ORDER BY run DESC LIMIT ?) AS i
       LEFT JOIN fleet.runs AS r ON r.number = i.run
       WHERE r.id <> i.id OR r.last_seq < i.seq
         OR (r.number IS NULL AND i.run NOT IN (SELECT run FROM fleet.runs_to_read)) LIMIT 1`
    )
    .get(verified)
  if (foreign) throw new Foreign('it was about other data')
}

/** Whether the file has to be made anew, and not only asked again. */
export function isTorn(error: unknown): error is Error {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return error instanceof Foreign || /^SQLITE_(CORRUPT|NOTADB)/.test(code) || /^(no such table|fts5:)/.test(message)
}

function stepping(db: Database, source: Database): () => IndexStep {
  const pending = source
    .prepare<[number], number>('SELECT run FROM runs_to_read WHERE run > 0 ORDER BY run LIMIT ?')
    .pluck()
  const earlier = source.prepare<[number, number], { number: number; last_seq: number }>(
    'SELECT number, last_seq FROM runs WHERE number < ? ORDER BY number DESC LIMIT ?'
  )
  const setBelow = db.prepare("UPDATE facts SET value = ? WHERE key = 'below'")
  const below = belowOf(db)
  const readAll = runReading(db, source)

  /** Some runs ahead of another one, oldest first. */
  function blockBelow(number: number): number[] {
    const block: number[] = []
    let events = 0
    for (const run of earlier.iterate(number, stepRuns)) {
      block.unshift(run.number)
      events += run.last_seq
      if (events >= blockEvents) break
    }
    return block
  }

  const step = db.transaction((): IndexStep => {
    const until = performance.now() + stepMs
    const runs = pending.all(stepRuns)
    const { read, more } = readAll(runs, until)
    if (more || runs.length === stepRuns) return { read, more: true, behind: below() > 0 }
    for (let from = below(); from > 0; ) {
      const block = blockBelow(from)
      if (readAll(block, until).more) return { read, more: true, behind: true }
      from = block[0] ?? 0
      setBelow.run(String(from))
      if (performance.now() > until) return { read, more: from > 0, behind: from > 0 }
    }
    return { read, more: false, behind: false }
  })
  return () => step()
}

/** The run down to which all runs have been read; 0: all of them. */
function belowOf(db: Database): () => number {
  const below = db.prepare<[], number>("SELECT CAST(value AS INTEGER) FROM facts WHERE key = 'below'").pluck()
  return () => below.get() ?? 0
}

function stateOf(db: Database, source: Database) {
  const below = belowOf(db)
  const value = db.prepare<[string], string>('SELECT value FROM facts WHERE key = ?').pluck()
  const begun = source.prepare<[number], number>('SELECT created_at FROM runs WHERE number >= ? LIMIT 1').pluck()
  const oldest = source.prepare<[], number | null>('SELECT min(number) FROM runs').pluck()
  return {
    state(): SearchIndex {
      const from = below()
      const runsLeft = from === 0 ? 0 : Math.max(0, from - (oldest.get() ?? from))
      const backTo = runsLeft === 0 ? undefined : begun.get(from)
      const rebuilt = value.get('rebuilt')
      return {
        complete: runsLeft === 0,
        completeBackTo: backTo === undefined ? null : iso(backTo),
        runsLeft,
        rebuilt: rebuilt === undefined ? null : JSON.parse(rebuilt)
      }
    },
    noteRebuilt: (why: string) =>
      db
        .prepare("INSERT INTO facts VALUES ('rebuilt', ?)")
        .run(JSON.stringify({ at: iso(Date.now()), why } satisfies SearchIndex['rebuilt']))
  }
}
