import type Sqlite from 'better-sqlite3'
import type { RunEvent } from '#contract/runs/events'
import { type SearchedKind, searchedKinds } from '#contract/runs/search'
import type { Database } from '../database.ts'
import { eventsAfter, type StoredEvent } from './events.ts'
import { saidBy } from './search-said.ts'

const stepBytes = 1 << 20
/** Events of one run in a step, so that no run waits for another one. */
const stepEvents = 500

/** What was read: `gone` where the run, or what it said, is not there any more. */
export interface ReadRun {
  run: number
  upTo: number
  gone: boolean
}

/** Reads runs of `source` into the index, each on from where it was read up to. */
export function runReading(index: Database, source: Database) {
  const runOf = source.prepare<[number], { id: string; gone: number }>(
    'SELECT id, events_removed_at IS NOT NULL AS gone FROM runs WHERE number = ?'
  )
  const events = source.prepare<[number, number, number], StoredEvent>(
    `SELECT seq, body FROM events WHERE ${eventsAfter} ORDER BY id`
  )
  const readUpTo = index.prepare<[number], number>('SELECT seq FROM runs_read WHERE run = ?').pluck()
  const noteRead = index.prepare(
    'INSERT INTO runs_read VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE SET seq = excluded.seq'
  )
  const say = saying(index, source)
  const forget = forgetting(index)

  /** Goes on with a run; null: there is more of it. */
  function readRun(run: number, until: number): ReadRun | null {
    const row = runOf.get(run)
    if (!row || row.gone === 1) return forget(run)
    let upTo = readUpTo.get(run) ?? 0
    let count = 0
    let bytes = 0
    let more = false
    for (const event of events.iterate(run, upTo, run)) {
      say(run, event)
      upTo = event.seq
      bytes += event.body.length
      count += 1
      more = count >= stepEvents || bytes >= stepBytes || (count % 16 === 0 && performance.now() > until)
      if (more) break
    }
    if (upTo > 0) noteRead.run(run, row.id, upTo)
    return more ? null : { run, upTo, gone: false }
  }

  /** Oldest first: within a transaction the index takes what goes up, and writes at once whatever goes down. */
  return (runs: readonly number[], until: number): { read: ReadRun[]; more: boolean } => {
    const read = runs.flatMap(run => (performance.now() > until ? [] : (readRun(run, until) ?? [])))
    return { read, more: read.length < runs.length }
  }
}

function saying(index: Database, source: Database): (run: number, event: StoredEvent) => void {
  const said = saidBy(source)
  const inserts = Object.fromEntries(
    searchedKinds.map(kind => [
      kind,
      index.prepare(`INSERT INTO said (rowid, ${kind}) VALUES ((? << 32) + CAST(? AS INTEGER), ?)`)
    ])
  ) as Record<SearchedKind, Sqlite.Statement>
  return (run, { seq, body }) => {
    const event = JSON.parse(body) as RunEvent
    const text = event.kind === 'usage' ? '' : said(run, event)
    if (text !== '') inserts[event.kind as SearchedKind].run(run, seq, text)
  }
}

function forgetting(index: Database): (run: number) => ReadRun | null {
  const saidIn = index
    .prepare<[number, number, number], unknown>(
      `SELECT rowid FROM said WHERE rowid > (? << 32) AND rowid < ((? + 1) << 32) LIMIT ?`
    )
    .pluck()
    .safeIntegers()
  const unsay = index.prepare('DELETE FROM said WHERE rowid = ?')
  const noteGone = index.prepare('DELETE FROM runs_read WHERE run = ?')
  return run => {
    const said = saidIn.all(run, run, stepEvents)
    for (const rowid of said) unsay.run(rowid)
    if (said.length === stepEvents) return null
    noteGone.run(run)
    return { run, upTo: 0, gone: true }
  }
}
