import {
  type ApprovalEventData,
  approvalEventData,
  type Delta,
  errorEventData,
  type RunEvent,
  type ToolResultData,
  type ToolUseData,
  toolResultData,
  toolUseData
} from '#contract/runs/events'
import { type RunImage, userEventData } from '#contract/runs/images'

export interface ToolCallRow {
  type: 'call'
  seq: number
  ts: string
  use: ToolUseData
  result: { seq: number; ts: string; data: ToolResultData } | null
  /** What a sub-agent did inside this tool call. */
  children: Row[]
  /** A person was asked whether it may, or what to answer. */
  approval?: Asked
  /** The call itself is not loaded, or was never told of. */
  orphan?: true
}

/** A request and its decision, as the events told of them. */
export interface Asked {
  seq: number
  ts: string
  request: ApprovalEventData
  decision: ApprovalEventData | null
  decidedSeq?: number
  decidedTs?: string
}

/** `inToolCall`: the tool call that it is about shows it; one inside of a sub-agent only once it is decided. */
interface ApprovalRow extends Asked {
  type: 'approval'
  inToolCall?: 'top' | 'nested'
}

/** What the reader sees as one line. A tool call and its result are one row, a request and its decision too. */
export type Row =
  | ToolCallRow
  | ApprovalRow
  | { type: 'prompt'; seq: number; ts: string; text: string; images: readonly RunImage[] }
  | { type: 'text'; seq: number; ts: string; text: string }
  | { type: 'thinking'; seq: number; ts: string; text: string; tookMs: number | null }
  | { type: 'system'; seq: number; ts: string; text: string; subtype: string }
  | { type: 'ending'; seq: number; ts: string; text: string }
  | { type: 'error'; seq: number; ts: string; text: string; code: string; retrying: boolean }

/** Half-finished text of a block. */
export interface LiveBlock {
  block: string
  kind: Delta['kind']
  parent: string | null
  text: string
}

interface Position {
  list: Row[]
  index: number
}

/**
 * The events of a run, folded into rows. `apply` mutates it, but a row whose content changed, or that holds one that did,
 * is a new object: rows may be compared by identity, lists may not.
 */
export interface StreamModel {
  rows: Row[]
  live: LiveBlock[]
  /** How many results of tools were seen: each may have changed files. */
  results: number
  /** The newest checklist of the agent; older ones are history. */
  newestTodo: number | null
  positions: Map<string, Position>
  /** Which request was told of for a call, by the id of the call. */
  requests: Map<string, string>
  lastTs: string | null
}

export function emptyModel(): StreamModel {
  return { rows: [], live: [], results: 0, newestTodo: null, positions: new Map(), requests: new Map(), lastTs: null }
}

export function modelOf(events: readonly RunEvent[]): StreamModel {
  const model = emptyModel()
  for (const event of events) apply(model, event)
  return model
}

export function apply(model: StreamModel, event: RunEvent): void {
  addEvent(model, event)
  model.lastTs = event.ts
}

/** Forgets rows of older events, but not what still goes on: its end must find it. */
export function forgetBefore(model: StreamModel, seq: number): void {
  model.rows = withoutOlder(model.rows, seq)
  model.positions = new Map()
  findPositions(model, model.rows)
}

function withoutOlder(rows: readonly Row[], seq: number): Row[] {
  const kept = rows.filter(row => row.seq >= seq || isOpen(row))
  return kept.map(row =>
    row.type === 'call' && row.children.length > 0 ? { ...row, children: withoutOlder(row.children, seq) } : row
  )
}

function isOpen(row: Row): boolean {
  return (row.type === 'call' && row.result === null) || (row.type === 'approval' && row.decision === null)
}

function findPositions(model: StreamModel, list: Row[]): void {
  for (const [index, row] of list.entries()) {
    remember(model, row, { list, index })
    if (row.type === 'call') findPositions(model, row.children)
  }
}

function remember(model: StreamModel, row: Row, position: Position): void {
  model.positions.set(keyOf(row), position)
  if (row.type === 'call' && row.use.toolKind === 'todo') model.positions.set(`seq:${row.seq}`, position)
}

function addEvent(model: StreamModel, event: RunEvent) {
  const { seq, ts, kind, message, data } = event
  const parent = typeof data.parent === 'string' ? data.parent : null
  switch (kind) {
    case 'user':
      return add(model, parent, { type: 'prompt', seq, ts, text: message, images: imagesOf(data) })
    case 'assistant':
      endBlock(model, event, parent)
      return add(model, parent, { type: 'text', seq, ts, text: message })
    case 'thinking':
      endBlock(model, event, parent)
      return add(model, parent, { type: 'thinking', seq, ts, text: message, tookMs: tookMs(model, event) })
    case 'tool_use':
      return addToolCall(model, event)
    case 'tool_result':
      return addResult(model, event)
    case 'approval':
      return addApproval(model, event)
    case 'result':
      return add(model, null, { type: 'ending', seq, ts, text: message })
    case 'error':
      return add(model, parent, errorRow(event))
    case 'system':
      return add(model, parent, systemRow(event))
    case 'usage':
      return
    default:
      kind satisfies never
  }
}

function imagesOf(data: RunEvent['data']): readonly RunImage[] {
  const known = userEventData.safeParse(data)
  return known.success ? known.data.images : []
}

function systemRow({ seq, ts, message, data }: RunEvent): Row {
  return { type: 'system', seq, ts, text: message, subtype: String(data.subtype ?? '') }
}

function errorRow({ seq, ts, message, data }: RunEvent): Row {
  // The last event of a run that failed carries the status it ended with; an error on the way has that of the model's API.
  if (typeof data.status === 'string') return { type: 'ending', seq, ts, text: message }
  const known = errorEventData.safeParse(data)
  const { code, retrying } = known.success ? known.data : { code: '', retrying: false }
  return { type: 'error', seq, ts, text: message, code, retrying }
}

/** From the event before it, which is when the agent began to think. */
function tookMs(model: StreamModel, event: RunEvent): number | null {
  if (typeof event.data.durationMs === 'number') return event.data.durationMs
  return model.lastTs === null ? null : Date.parse(event.ts) - Date.parse(model.lastTs)
}

function addToolCall(model: StreamModel, event: RunEvent) {
  const { seq, ts, data } = event
  const known = toolUseData.safeParse(data)
  if (!known.success) return add(model, null, systemRow(event))
  const use = known.data
  if (use.toolKind === 'todo' && !use.parent) {
    touch(model, `seq:${model.newestTodo}`)
    model.newestTodo = seq
  }
  const approval = requestBefore(model, use.toolUseId, at(model, `call:${use.parent}`) ? 'nested' : 'top')
  add(model, use.parent ?? null, { type: 'call', seq, ts, use, result: null, children: [], approval })
}

function addResult(model: StreamModel, event: RunEvent) {
  const { seq, ts, data } = event
  const known = toolResultData.safeParse(data)
  if (!known.success) return add(model, null, systemRow(event))
  model.results += 1
  const result = { seq, ts, data: known.data }
  const found = replaceRow(model, `call:${known.data.toolUseId}`, row =>
    row.type === 'call' ? { ...row, result } : row
  )
  if (found) return
  // The call lies before what is loaded, or the runtime never told of it.
  const { toolUseId, parent } = known.data
  const use: ToolUseData = { toolUseId, tool: 'Result', toolKind: 'other', argument: null, input: null }
  add(model, parent ?? null, { type: 'call', seq, ts, use, result, children: [], orphan: true })
}

function addApproval(model: StreamModel, event: RunEvent) {
  const { seq, ts, data } = event
  const known = approvalEventData.safeParse(data)
  if (!known.success) return add(model, null, systemRow(event))
  const told = known.data
  if (told.state === 'requested') return addRequest(model, { seq, ts, request: told, decision: null })
  const decided = { decision: told, decidedSeq: seq, decidedTs: ts }
  const found = replaceRow(model, `approval:${told.approvalId}`, row =>
    row.type === 'approval' ? { ...row, ...decided } : row
  )
  if (!found) return addRequest(model, { seq, ts, request: told, ...decided })
  replaceToolCall(model, told.toolUseId, row => row.approval && { ...row, approval: { ...row.approval, ...decided } })
}

function addRequest(model: StreamModel, asked: Asked): void {
  const { toolUseId } = asked.request
  const shownBy = replaceToolCall(model, toolUseId, row => ({ ...row, approval: asked }))
  add(model, null, { type: 'approval', ...asked, ...(shownBy && { inToolCall: shownBy }) })
  if (toolUseId) model.requests.set(toolUseId, asked.request.approvalId)
}

/** Where the call is that was changed; null when it is not there. */
function replaceToolCall(
  model: StreamModel,
  toolUseId: string | null | undefined,
  changed: (row: ToolCallRow) => Row | undefined
): 'top' | 'nested' | null {
  const key = `call:${toolUseId}`
  const found = replaceRow(model, key, row => (row.type === 'call' ? (changed(row) ?? row) : row))
  if (!found) return null
  return model.positions.get(key)?.list === model.rows ? 'top' : 'nested'
}

/** A request may be told of before the call that it is about. */
function requestBefore(model: StreamModel, toolUseId: string, inToolCall: 'top' | 'nested'): Asked | undefined {
  const approvalId = model.requests.get(toolUseId)
  const key = `approval:${approvalId}`
  const row = at(model, key)
  if (row?.type !== 'approval') return undefined
  replaceRow(model, key, () => ({ ...row, inToolCall }))
  const { type: _, inToolCall: __, ...asked } = row
  return asked
}

function keyOf(row: Row): string {
  switch (row.type) {
    case 'call':
      return `call:${row.use.toolUseId}`
    case 'approval':
      return `approval:${row.request.approvalId}`
    default:
      return `seq:${row.seq}`
  }
}

function add(model: StreamModel, parent: string | null, row: Row): void {
  const host = parent === null ? undefined : at(model, `call:${parent}`)
  const list = host?.type === 'call' ? host.children : model.rows
  list.push(row)
  remember(model, row, { list, index: list.length - 1 })
  if (parent !== null) touch(model, `call:${parent}`)
}

function at(model: StreamModel, key: string): Row | undefined {
  const position = model.positions.get(key)
  return position?.list[position.index]
}

function replaceRow(model: StreamModel, key: string, changed: (row: Row) => Row): boolean {
  const position = model.positions.get(key)
  const row = position?.list[position.index]
  if (!position || !row) return false
  position.list[position.index] = changed(row)
  if (row.type === 'call' && row.use.parent) touch(model, `call:${row.use.parent}`)
  return true
}

/** Gives a row and those around it a new identity. */
function touch(model: StreamModel, key: string): void {
  replaceRow(model, key, row => ({ ...row }))
}

export function applyDelta(model: StreamModel, { block, kind, text, parent }: Delta): void {
  const at = model.live.findIndex(one => one.block === block)
  const before = model.live[at]
  if (before) model.live[at] = { ...before, text: before.text + text }
  else model.live.push({ block, kind, text, parent: parent ?? null })
}

/** The finished block replaces the half-finished one: that of its name, or the oldest of its kind. */
function endBlock(model: StreamModel, { kind, data }: RunEvent, parent: string | null): void {
  const named = model.live.findIndex(one => one.block === data.block)
  const at = named >= 0 ? named : model.live.findIndex(one => one.kind === kind && one.parent === parent)
  if (at >= 0) model.live.splice(at, 1)
}
