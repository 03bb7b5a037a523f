import type { ToolKind } from '#contract/runs/events'
import { isEnded, type Run } from '#contract/runs/runs'
import { clippedAt } from '../../output-clip.ts'
import { type EventFilter, shows } from './event-filter.ts'
import type { Asked, LiveBlock, Row, StreamModel, ToolCallRow } from './rows.ts'
import { opensByItself } from './tool-call-outcome.ts'

/** One entry of the stream as it is drawn. Keys are stable: what was opened stays open and the reader's position is kept. */
export type Item =
  | { type: 'divider'; key: string; run: Run }
  | { type: 'row'; key: string; run: Run; row: Row; newestTodo: boolean }
  | { type: 'fold'; key: string; run: Run; calls: ToolCallRow[] }
  | { type: 'live'; key: string; block: LiveBlock }
  | { type: 'now'; key: string; run: Run; busy: boolean }
  | { type: 'end'; key: string; run: Run }

/** A run in the stream, with as much of it as is loaded. */
export interface Segment {
  run: Run
  /** Which run of the chain it is, from 1. */
  position: number
  model: StreamModel
  /** What of its events is loaded. */
  firstSeq: number
  lastSeq: number
  hasOlder: boolean
  /** The newest event is loaded. */
  complete: boolean
}

/** What the reader made of the stream: entries opened by hand, and the filter. */
export interface Reading {
  opened: (key: string) => boolean
  filter: EventFilter
}

export function itemsOf(segments: readonly Segment[], reading: Reading): Item[] {
  const items: Item[] = []
  for (const segment of segments) addSegment(items, segment, segments.length > 1 || segment.position > 1, reading)
  return items
}

function addSegment(items: Item[], segment: Segment, divided: boolean, reading: Reading): void {
  const { run, model } = segment
  if (divided && !segment.hasOlder) items.push({ type: 'divider', key: `${run.id}:divider`, run })
  const rows = withoutEnding(segment.hasOlder ? withoutCutOff(model.rows) : model.rows)
  const shown = rows.filter(row => shows(reading.filter, row))
  addRows(items, run, shown, model.newestTodo, reading)
  for (const block of model.live) {
    if (block.parent === null) items.push({ type: 'live', key: `${run.id}:live:${block.block}`, block })
  }
  if (!segment.complete) return
  if (!isEnded(run.status)) items.push({ type: 'now', key: `${run.id}:now`, run, busy: isBusy(model) })
  else items.push({ type: 'end', key: `${run.id}:end`, run })
}

/** The last event says what the end entry says better. In the middle of a run that was given up and came back it stays. */
function withoutEnding(rows: readonly Row[]): readonly Row[] {
  return rows.at(-1)?.type === 'ending' ? rows.slice(0, -1) : rows
}

/** Results right below the cut belong to calls above it; with them they become other rows. */
function withoutCutOff(rows: readonly Row[]): readonly Row[] {
  const first = rows.findIndex(row => !(row.type === 'call' && row.orphan))
  return first <= 0 ? rows : rows.slice(first)
}

/** Something in the stream already shows that the agent works: an open call, a question, text that grows. */
function isBusy(model: StreamModel): boolean {
  if (model.live.length > 0) return true
  const last = model.rows.at(-1)
  if (last?.type === 'call') return last.result === null
  return last?.type === 'approval' && last.decision === null
}

/** Something else already says how a live run stands. */
export function isSilent({ run, busy }: Extract<Item, { type: 'now' }>): boolean {
  return busy && (run.status === 'WAITING' || !run.statusReason)
}

const foldFrom = 3
const foldable: readonly ToolKind[] = ['read', 'search', 'web']

/** Three or more like calls in a row that went well become one line, until the reader opens it. */
function addRows(
  items: Item[],
  run: Run,
  rows: readonly Row[],
  newestTodo: number | null,
  { opened, filter }: Reading
): void {
  let i = 0
  while (i < rows.length) {
    const row = rows[i]
    if (!row) break
    if (isSaidByItsToolCall(row)) {
      i += 1
      continue
    }
    const group = filter.verbosity === 'everything' ? [] : alike(rows, i)
    if (group.length >= foldFrom) {
      const key = `${run.id}:fold:${row.seq}`
      items.push({ type: 'fold', key, run, calls: group })
      if (opened(key)) for (const call of group) items.push(rowItem(run, call, newestTodo))
      i += group.length
    } else {
      items.push(rowItem(run, row, newestTodo))
      i += 1
    }
  }
}

/** The call is the card while a person is waited for, and tells of the decision afterwards. */
function isSaidByItsToolCall(row: Row): boolean {
  return row.type === 'approval' && (row.inToolCall === 'top' || (row.inToolCall === 'nested' && row.decision !== null))
}

/** The request that an entry shows as a card: nobody has decided it. */
export function requestIn(item: Item): Asked | null {
  if (item.type !== 'row') return null
  const asked = item.row.type === 'call' ? item.row.approval : item.row.type === 'approval' ? item.row : undefined
  return asked && asked.decision === null ? asked : null
}

function rowItem(run: Run, row: Row, newestTodo: number | null): Item {
  return { type: 'row', key: `${run.id}:${row.seq}`, run, row, newestTodo: row.seq === newestTodo }
}

function alike(rows: readonly Row[], from: number): ToolCallRow[] {
  const first = rows[from]
  const group: ToolCallRow[] = []
  if (first?.type !== 'call' || !foldable.includes(first.use.toolKind)) return group
  for (let i = from; i < rows.length; i++) {
    const row = rows[i]
    if (row?.type !== 'call' || row.use.toolKind !== first.use.toolKind) break
    if (!row.result || row.result.data.isError || row.result.data.diff || row.approval) break
    group.push(row)
  }
  return group
}

/** Index of the entry that shows an event; of the nearest one before it when it has none of its own. */
export function indexOfEvent(items: readonly Item[], runId: string, seq: number): number {
  const own = items.findIndex(item => item.type === 'row' && item.run.id === runId && holds(item.row, seq))
  if (own >= 0) return own
  const fold = items.findIndex(
    item => item.type === 'fold' && item.run.id === runId && item.calls.some(call => holds(call, seq))
  )
  if (fold >= 0) return fold
  return items.findLastIndex(item => item.type === 'row' && item.run.id === runId && item.row.seq <= seq)
}

/** The entry that a run begins with, as far as it is loaded. */
export function beginningOf(items: readonly Item[], runId: string): Item | undefined {
  return items.find(item => item.type !== 'live' && item.run.id === runId)
}

function holds(row: Row, seq: number): boolean {
  if (row.seq === seq) return true
  if (row.type === 'approval') return row.decidedSeq === seq
  if (row.type !== 'call') return false
  if (row.approval?.seq === seq || row.approval?.decidedSeq === seq) return true
  return row.result?.seq === seq || row.children.some(child => holds(child, seq))
}

/** How high an entry probably is, in px, before it was measured. */
export function estimate(item: Item | undefined): number {
  switch (item?.type) {
    case 'row': {
      const known = estimates.get(item.row) ?? estimateRow(item.row)
      estimates.set(item.row, known)
      return known
    }
    case 'live':
      return 64
    case 'end':
    case 'divider':
      return 44
    default:
      return 28
  }
}

const estimates = new WeakMap<Row, number>()

function estimateRow(row: Row): number {
  switch (row.type) {
    case 'prompt':
      return estimateText(row.text) + (row.images.length > 0 ? 98 : 0)
    case 'text':
      return estimateText(row.text)
    case 'approval':
      return row.decision ? 28 : 220
    case 'call':
      if (row.approval && !row.approval.decision) return 220
      return opensByItself(row) ? 60 + 19 * linesOf(row) : 28
    default:
      return 28
  }
}

function estimateText(text: string): number {
  return 40 + 22 * Math.ceil(text.length / 110)
}

function linesOf({ result }: ToolCallRow): number {
  if (result?.data.diff) return result.data.diff.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0)
  return Math.min(clippedAt, result?.data.text.split('\n', clippedAt).length ?? 0)
}
