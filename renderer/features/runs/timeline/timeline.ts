import { isEnded, type Run } from '#contract/runs'
import type { CallRow, Row } from '../stream/rows.ts'

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

/**
 * Where the time of a run went, as far as its rows tell: waiting for a person counts before a tool that waits for it, tools
 * before the model, which has all the rest.
 */
export function timelineOf(run: Run, rows: readonly Row[], now: number): Timeline | null {
  const first = rows[0]
  if (!first) return null
  const from = Date.parse(first.ts)
  const to = Math.max(from + 1, run.endedAt ? Date.parse(run.endedAt) : isEnded(run.status) ? lastOf(rows) : now)
  const taken = [...rows.flatMap(row => waitOf(row, to)), ...rows.flatMap(row => toolOf(row, to))]
  const busy = withoutOverlap(taken)
  const spans = withModel(busy, rows, from, to)
  const sums = { model: 0, tools: 0, waiting: 0 }
  for (const { kind, from, to } of spans) if (kind !== 'error') sums[kind] += to - from
  return { from, to, spans: [...spans, ...errorsOf(rows, from, to)], sums }
}

function lastOf(rows: readonly Row[]): number {
  return rows.reduce((last, row) => Math.max(last, row.type === 'call' ? endOf(row, 0) : Date.parse(row.ts)), 0)
}

function endOf({ ts, result }: CallRow, open: number): number {
  return result ? Date.parse(result.ts) : Math.max(open, Date.parse(ts))
}

function waitOf(row: Row, to: number): Span[] {
  if (row.type !== 'approval') return []
  const from = Date.parse(row.ts)
  const end = row.decision ? from + (row.decision.waitedMs ?? 0) : to
  return [{ kind: 'waiting', from, to: end, seq: row.seq, name: `Waiting for you: ${row.request.subject}` }]
}

function toolOf(row: Row, to: number): Span[] {
  if (row.type !== 'call') return []
  const { use, seq } = row
  const name = use.argument ? `${use.tool} ${use.argument}` : use.tool
  return [{ kind: 'tools', from: Date.parse(row.ts), to: endOf(row, to), seq, name }]
}

/** Tools that overlap count once; while a person is waited for, nothing else counts. */
function withoutOverlap(spans: readonly Span[]): Span[] {
  const kept: Span[] = []
  const waits = spans.filter(span => span.kind === 'waiting')
  let end = 0
  for (const span of spans.filter(span => span.kind === 'tools').sort((a, b) => a.from - b.from)) {
    const free = cutOut({ ...span, from: Math.max(span.from, end) }, waits)
    kept.push(...free)
    end = Math.max(end, span.to)
  }
  return [...waits, ...kept].sort((a, b) => a.from - b.from)
}

function cutOut(span: Span, holes: readonly Span[]): Span[] {
  let parts = [span]
  for (const hole of holes) parts = parts.flatMap(part => minus(part, hole))
  return parts.filter(part => part.to > part.from)
}

function minus(part: Span, hole: Span): Span[] {
  if (hole.to <= part.from || hole.from >= part.to) return [part]
  return [
    { ...part, to: hole.from },
    { ...part, from: hole.to }
  ]
}

function withModel(busy: readonly Span[], rows: readonly Row[], from: number, to: number): Span[] {
  const spans: Span[] = []
  let at = from
  const model = (until: number) => {
    if (until <= at) return
    const seq = rows.findLast(row => Date.parse(row.ts) <= at)?.seq ?? rows[0]?.seq ?? 1
    spans.push({ kind: 'model', from: at, to: until, seq, name: 'Model' })
  }
  for (const span of busy) {
    model(span.from)
    spans.push(span)
    at = Math.max(at, span.to)
  }
  model(to)
  return spans
}

function errorsOf(rows: readonly Row[], from: number, to: number): Span[] {
  const width = (to - from) * errorShare
  return rows.flatMap(row => {
    const failed = row.type === 'call' && row.result?.data.isError
    if (row.type !== 'error' && !failed) return []
    const at = Math.min(to - width, row.type === 'call' ? endOf(row, to) : Date.parse(row.ts))
    const name = row.type === 'call' ? `${row.use.tool} failed` : `Error: ${row.text.split('\n', 1)[0]}`
    return [{ kind: 'error' as const, from: at, to: at + width, seq: row.seq, name }]
  })
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
