import { isEnded, type Run } from '#contract/runs/runs'
import { visible } from '../../../lib/visible.ts'
import type { Row } from '../stream/rows.ts'
import { hasFailed } from '../stream/tool-call-outcome.ts'

export type SpanKind = 'model' | 'tools' | 'waiting' | 'error'

/** A stretch of a run in which one thing happened. Times in ms since the epoch. */
export interface Span {
  kind: SpanKind
  from: number
  to: number
  /** The event that a jump leads to. */
  seq: number
  name: string
}

export interface Timeline {
  from: number
  to: number
  spans: Span[]
  /** How long each took, in ms. Errors take no time. */
  sums: Record<Exclude<SpanKind, 'error'>, number>
}

/** An error is a moment; so much of the whole it takes to be seen. */
const errorShare = 0.004

/** What rows tell of time; `to` is null where it still goes on. It is read once for each list: clocks tick more often. */
interface Told {
  times: number[]
  last: number
  waits: OpenSpan[]
  tools: OpenSpan[]
  errors: { at: number | null; seq: number; name: string }[]
}

type OpenSpan = Omit<Span, 'to'> & { to: number | null }

const told = new WeakMap<readonly Row[], Told>()

/**
 * Where the time of a run went, as far as its rows tell: waiting for a person counts before a tool that waits for it, tools
 * before the model, which has all the rest. The list of rows must not change once it was given.
 */
export function timelineOf(run: Run, rows: readonly Row[], now: number): Timeline | null {
  if (rows.length === 0) return null
  const known = told.get(rows) ?? toldBy(rows)
  told.set(rows, known)
  const from = known.times[0] ?? 0
  const to = Math.max(from + 1, run.endedAt ? Date.parse(run.endedAt) : isEnded(run.status) ? known.last : now)
  const ended = (span: OpenSpan): Span => ({ ...span, to: Math.max(span.from, span.to ?? to) })
  const busy = withoutOverlap(known.waits.map(ended), known.tools.map(ended))
  const spans = withModel(busy, rows, known.times, to)
  const sums = { model: 0, tools: 0, waiting: 0 }
  for (const { kind, from, to } of spans) if (kind !== 'error') sums[kind] += to - from
  const width = (to - from) * errorShare
  const errors = known.errors.map(({ at, seq, name }): Span => {
    const start = Math.min(to - width, at ?? to)
    return { kind: 'error', from: start, to: start + width, seq, name }
  })
  return { from, to, spans: [...spans, ...errors], sums }
}

function toldBy(rows: readonly Row[]): Told {
  const told: Told = { times: [], last: 0, waits: [], tools: [], errors: [] }
  for (const row of rows) {
    const from = Date.parse(row.ts)
    const end = row.type === 'call' ? (row.result ? Date.parse(row.result.ts) : null) : from
    told.times.push(from)
    told.last = Math.max(told.last, from, end ?? 0)
    if (row.type === 'call') {
      const name = visible(row.use.argument ? `${row.use.tool} ${row.use.argument}` : row.use.tool)
      told.tools.push({ kind: 'tools', from, to: end, seq: row.seq, name })
      if (hasFailed(row)) told.errors.push({ at: end, seq: row.seq, name: `${visible(row.use.tool)} failed` })
    } else if (row.type === 'approval') {
      const to = row.decision ? from + (row.decision.waitedMs ?? 0) : null
      told.waits.push({
        kind: 'waiting',
        from,
        to,
        seq: row.seq,
        name: `Waiting for you: ${visible(row.request.subject)}`
      })
    } else if (row.type === 'error') {
      told.errors.push({ at: from, seq: row.seq, name: `Error: ${visible(row.text.split('\n', 1)[0] ?? '')}` })
    }
  }
  return told
}

/** Tools that overlap count once; while a person is waited for, nothing else counts. */
function withoutOverlap(waits: readonly Span[], tools: readonly Span[]): Span[] {
  const kept: Span[] = []
  let end = 0
  for (const span of [...tools].sort((a, b) => a.from - b.from)) {
    const free = cutOut({ ...span, from: Math.max(span.from, end) }, waits)
    kept.push(...free)
    end = Math.max(end, span.to)
  }
  return [...waits, ...kept].sort((a, b) => a.from - b.from)
}

function cutOut(span: Span, holes: readonly Span[]): Span[] {
  let parts = [span]
  for (const hole of holes)
    if (hole.to > span.from && hole.from < span.to) parts = parts.flatMap(part => minus(part, hole))
  return parts.filter(part => part.to > part.from)
}

function minus(part: Span, hole: Span): Span[] {
  if (hole.to <= part.from || hole.from >= part.to) return [part]
  return [
    { ...part, to: hole.from },
    { ...part, from: hole.to }
  ]
}

function withModel(busy: readonly Span[], rows: readonly Row[], times: readonly number[], to: number): Span[] {
  const spans: Span[] = []
  let at = times[0] ?? 0
  let last = 0
  const model = (until: number) => {
    if (until <= at) return
    while ((times[last + 1] ?? Number.POSITIVE_INFINITY) <= at) last += 1
    spans.push({ kind: 'model', from: at, to: until, seq: rows[last]?.seq ?? 1, name: 'Model' })
  }
  for (const span of busy) {
    model(span.from)
    spans.push(span)
    at = Math.max(at, span.to)
  }
  model(to)
  return spans
}

/**
 * The same sums over the whole run, from what the control plane counts: it knows events that are not loaded, and when the
 * run began. It counts a call when it ends, so that the rows may know of more.
 */
export function wholeSums(run: Run, loaded: Timeline['sums'], now: number): Timeline['sums'] {
  if (run.startedAt === null) return loaded
  const total = run.durationMs ?? Math.max(0, now - Date.parse(run.startedAt))
  const stillWaits = run.status === 'WAITING' ? Math.max(0, now - Date.parse(run.statusSince)) : 0
  const waiting = Math.min(total, run.waitedMs + stillWaits)
  const tools = Math.min(total - waiting, Math.max(run.toolsMs, loaded.tools))
  return { model: total - waiting - tools, tools, waiting }
}

/** What a menu offers to jump to: what took longest, and errors. */
export function landmarks({ spans }: Timeline, most: number): Span[] {
  const notable = spans.filter(span => span.kind !== 'model')
  const weight = (span: Span) => (span.kind === 'error' ? Number.POSITIVE_INFINITY : span.to - span.from)
  return [...notable]
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, most)
    .sort((a, b) => a.from - b.from)
}
