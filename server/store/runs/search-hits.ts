import type { RunEvent, ToolUseData } from '#contract/runs/events'
import type { SearchedKind, SearchHit } from '#contract/runs/search'
import type { Database } from '../database.ts'
import { visible } from '../people/sight.ts'
import { excerpts } from './search-excerpt.ts'
import { marksOf, matchOf, type Wanted } from './search-match.ts'
import type { Position, SearchQuestion } from './search-question.ts'
import { saidBy } from './search-said.ts'
import { lastRun, lateMs, runsToLookThrough } from './search-stretches.ts'

export interface SearchAnswer {
  hits: (Omit<SearchHit, 'runId'> & { run: number })[]
  /** In each run of them; 100 for more, null where they were not counted in time. */
  counts: Map<number, number | null>
  next: Position | null
  /** Number of the run down to which was looked, where time ended it; null: as far as the hits. */
  lookedDownTo: number | null
}

/** For counts, and for excerpts, at most. */
const countMs = 200
const excerptMs = 400
const mostCounted = 100

const lastSeq = 4_294_967_295

export function searchHits(db: Database) {
  const excerpt = excerpts(db)
  const body = db
    .prepare<[number, number], string>('SELECT body FROM fleet.events WHERE id = (? << 32) + CAST(? AS INTEGER)')
    .pluck()
  const said = saidBy(db)
  const { stretches, firstSince } = runsToLookThrough(db)

  return (question: SearchQuestion): SearchAnswer => {
    const until = performance.now() + question.lookMs
    const look = looker(db, question)
    const counted = counter(question.perRun)
    let top: Position = question.below ?? { run: lastRun, seq: lastSeq }
    let lookedDownTo: number | null = null
    const first = question.after === null ? 1 : firstSince(question.after)
    for (const { from, to } of stretches(question)) {
      if (to < first) break
      // Below is what comes after, of the run where the page before ended as well.
      if (to < top.run) top = { run: to, seq: lastSeq + 1 }
      for (;;) {
        const rows = look(from, top, wantedOf(question, counted.hits.length))
        const end = counted.take(rows, question.limit)
        if (end === null || counted.hits.length > question.limit) break
        top = end
      }
      if (counted.hits.length > question.limit) break
      if (performance.now() > until && from > 1) {
        lookedDownTo = from
        break
      }
    }
    const page = counted.hits.slice(0, question.limit)
    const cut = counted.hits.length > page.length
    return {
      hits: described(page, question.wanted),
      counts: countsOf(question, page),
      next: cut ? endOf(page, question.perRun) : lookedDownTo === null ? null : { run: lookedDownTo, seq: 0 },
      lookedDownTo: cut ? null : lookedDownTo
    }
  }

  function described(page: readonly Position[], wanted: Wanted): SearchAnswer['hits'] {
    const until = performance.now() + excerptMs
    const match = marksOf(wanted)
    return page.flatMap(({ run, seq }) => {
      const text = body.get(run, seq)
      if (text === undefined) return []
      const event = JSON.parse(text) as RunEvent
      const { ts, kind } = event
      return {
        run,
        seq,
        ts,
        kind: kind as SearchedKind,
        ...aboutOf(event),
        excerpt: excerpt(said(run, event), match, until)
      }
    })
  }

  function countsOf(question: SearchQuestion, page: readonly Position[]): SearchAnswer['counts'] {
    const until = performance.now() + countMs
    const look = looker(db, question)
    return new Map(
      [...new Set(page.map(({ run }) => run))].map(run => [
        run,
        performance.now() > until ? null : look(run, { run, seq: lastSeq + 1 }, mostCounted).length
      ])
    )
  }
}

/** The newest hits of some runs below a position. Who may see what is asked of each row. */
function looker(db: Database, { wanted, kinds, agentId, after, before, sight }: SearchQuestion) {
  const own = visible(sight, 'runs')
  const where = [...own.where]
  const values: (string | number)[] = [...own.values]
  const ts = `(SELECT unixepoch(body ->> '$.ts', 'subsec') * 1000 FROM fleet.events WHERE id = said.rowid)`
  if (agentId !== null) {
    where.push('agent_id = ?')
    values.push(agentId)
  }
  if (after !== null) {
    where.push(`(ended_at IS NULL OR ended_at >= ?) AND (created_at >= ? OR ${ts} >= ?)`)
    values.push(after - lateMs, after, after)
  }
  if (before !== null) {
    where.push(`created_at < ? AND ${ts} < ?`)
    values.push(before, before)
  }
  const found = db.prepare<(string | number)[], Position>(
    `SELECT said.rowid >> 32 AS run, said.rowid & 4294967295 AS seq
     FROM said CROSS JOIN fleet.runs AS r ON r.number = said.rowid >> 32
     WHERE said MATCH ? AND said.rowid >= (? << 32) AND said.rowid < (? << 32) + CAST(? AS INTEGER)
       AND ${['r.events_removed_at IS NULL', ...where].join(' AND ')}
     ORDER BY said.rowid DESC LIMIT ?`
  )
  const match = matchOf(wanted, kinds)
  return (from: number, below: Position, limit: number) =>
    found.all(match, from, Math.min(below.run, lastRun), below.seq, ...values, limit)
}

/** Behind the last one; a run of which enough was shown is left behind. */
function endOf(page: readonly Position[], perRun: number | null): Position | null {
  const last = page.at(-1)
  if (last === undefined || perRun === null) return last ?? null
  return page.filter(({ run }) => run === last.run).length < perRun ? last : { run: last.run, seq: 0 }
}

function wantedOf({ limit, perRun }: SearchQuestion, have: number): number {
  // One more tells whether there is more.
  return perRun === null ? limit + 1 - have : perRun + 1
}

/** Takes at most so many of each run. */
function counter(perRun: number | null) {
  const hits: Position[] = []
  const of = new Map<number, number>()
  return {
    hits,
    /** Where to look on; null: there is no more in these runs. */
    take(rows: readonly Position[], limit: number): Position | null {
      for (const row of rows) {
        const taken = of.get(row.run) ?? 0
        if (perRun !== null && taken >= perRun) continue
        of.set(row.run, taken + 1)
        hits.push(row)
        if (hits.length > limit) return null
      }
      const last = rows.at(-1)
      if (perRun === null || last === undefined || rows.length <= perRun) return null
      return (of.get(last.run) ?? 0) >= perRun ? { run: last.run, seq: 0 } : last
    }
  }
}

function aboutOf({ kind, data }: RunEvent): Pick<SearchHit, 'toolKind' | 'about'> {
  if (kind === 'tool_use') {
    const { tool, toolKind, argument } = data as Partial<ToolUseData>
    return { toolKind: toolKind ?? null, about: [tool, argument].filter(Boolean).join(' ') || null }
  }
  const { path } = (data.diff ?? {}) as { path?: unknown }
  return { toolKind: null, about: typeof path === 'string' ? path : null }
}
