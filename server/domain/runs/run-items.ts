import { AppError } from '#contract/errors'
import { type Line, storedPart } from '#contract/runners/lines'
import type { Facts, RunItem } from '#contract/runners/runner-protocol'
import { plainUsd } from '#contract/usd'
import { type RunRow, usageOf } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { noteMcps } from '../fleet/mcps.ts'
import { estimate } from '../money/prices.ts'
import { spendMore } from '../money/spending.ts'
import { countRun } from '../money/usage.ts'
import { takesImages } from '../runners/placement.ts'
import { commandRunner } from '../runners/runners.ts'
import { postMessage } from '../work/messages.ts'
import { requestApproval, withdrawApproval } from './approvals.ts'
import { noteEdit } from './changed-files.ts'
import { noteCheckpoint } from './checkpoints.ts'
import type { EventDraft } from './event-draft.ts'
import { inOurTime } from './event-times.ts'
import { userEvent } from './run-images.ts'
import { answeredInput, type NextInput, nextInput } from './run-input.ts'
import { appendEvents, isLive, moveRun, updateRun, updateRunVisibly } from './run-moves.ts'
import { stopRun } from './run-stopping.ts'

export interface StoredItems {
  run: RunRow
  /** Answer to a `turn`: the next input or null; undefined when no turn ended. */
  next: NextInput | null | undefined
}

interface SentItems {
  items: readonly RunItem[]
  /** The same, as they came. */
  lines?: readonly Line[] | undefined
  sentAt?: string | undefined
}

/**
 * Stores what a runner sent of a run, in order. Items are numbered without gaps: one that was stored before is passed
 * over, one that comes too early is refused with the number that is missing.
 */
export function appendItems(domain: Domain, run: RunRow, { items, lines, sentAt }: SentItems): StoredItems {
  const ours = inOurTime(sentAt, domain.clock.now(), run.created_at)
  let current = run
  let { acked } = run
  let next: NextInput | null | undefined
  let events: EventDraft[] = []

  function flush(): void {
    current = appendEvents(domain, current, events)
    events = []
  }

  for (const [index, item] of items.entries()) {
    if (item.n <= acked) {
      if (item.type === 'turn') next = answeredInput(domain, current, item.n)
      continue
    }
    if (item.n !== acked + 1) throw new AppError('EVENT_GAP', `Item ${acked + 1} is missing`, { acked: run.acked })
    if (item.type === 'missing') events.push(missing(item))
    else if (item.type === 'event') {
      events.push(draftOf(item, ours(item.ts), lines?.[index]))
      if (item.kind === 'tool_result') {
        noteEdit(domain, run.number, current.last_seq + events.length, item.data)
        tellTask(domain, current, item.message)
      }
    } else {
      flush()
      if (item.type === 'turn') ({ run: current, next } = endTurn(domain, current, item))
      else current = applyItem(domain, current, 'ts' in item ? { ...item, ts: ours(item.ts) } : item)
    }
    acked = item.type === 'missing' ? Math.max(item.n, item.upTo) : item.n
  }
  flush()
  if (acked !== run.acked) {
    current = updateRun(domain, current, { acked })
    domain.store.writer.afterCommit(() => domain.bus.publish('stored', String(run.number), { acked }))
  }
  return { run: current, next }
}

/** Its text is stored as it came, unless its time is told in another one. */
function draftOf(item: Extract<RunItem, { type: 'event' }>, ts: string, line: Line | undefined): EventDraft {
  const { kind, message, data } = item
  return { ts, kind, message, data, text: line !== undefined && ts === item.ts ? storedPart(line, item.n) : null }
}

/** The data folder is an earlier one than its runner remembers. */
function missing({ n, upTo }: Extract<RunItem, { type: 'missing' }>): EventDraft {
  const message = `What the run told between its steps ${n} and ${upTo} is missing: the data was put back to an earlier state`
  return { kind: 'system', message, data: { subtype: 'missing', from: n, to: upTo } }
}

/** What a tool gave for a task is worth a message; what it gave for a run of a person stands in that run. */
function tellTask(domain: Domain, run: RunRow, text: string): void {
  if (run.task_id === null) return
  postMessage(domain, { type: 'tool.result', from: run.agent_id, to: null, taskId: run.task_id, runId: run.id, text })
}

function applyItem(
  domain: Domain,
  run: RunRow,
  item: Exclude<RunItem, { type: 'event' | 'turn' | 'missing' }>
): RunRow {
  // A run with a successor keeps its status; only its log grows.
  const live = isLive(run)
  switch (item.type) {
    case 'started':
      return live && run.started_at === null ? startRun(domain, run) : run
    case 'facts':
      if (item.facts.mcps) noteMcps(domain, run, item.facts.mcps)
      if (item.facts.checkpoint) noteCheckpoint(domain, run, item.facts.checkpoint)
      return live ? stopWhenSpent(domain, learn(domain, run, item.facts)) : learnLate(domain, run, item.facts)
    case 'reason':
      return run.status === 'CLAIMED' || run.status === 'RUNNING'
        ? updateRunVisibly(domain, run, { status_reason: item.reason })
        : run
    case 'approval':
      return live ? requestApproval(domain, run, item) : run
    case 'withdrawn':
      return live ? withdrawApproval(domain, run, item.key) : run
    default:
      return item satisfies never
  }
}

function learn(domain: Domain, run: RunRow, facts: Facts): RunRow {
  return updateRunVisibly(domain, run, { ...factColumns(facts), ...costColumns(domain, run, facts) })
}

/** It was counted when it ended: it is counted anew with what it tells now. */
function learnLate(domain: Domain, run: RunRow, facts: Facts): RunRow {
  countRun(domain, run, -1)
  const learnt = learn(domain, run, facts)
  countRun(domain, learnt)
  return learnt
}

function startRun(domain: Domain, run: RunRow): RunRow {
  // The cancellation may have reached the runner before the run did, and found nothing to stop.
  if (run.stopping !== 'no' && run.runner_id !== null)
    commandRunner(domain, run.runner_id, { type: 'cancel', runId: run.id, now: run.stopping === 'now' })
  const columns = { started_at: domain.clock.now() }
  // One that was given up before it could tell that it started runs already.
  return run.status === 'CLAIMED' ? moveRun(domain, run, 'RUNNING', null, columns) : updateRun(domain, run, columns)
}

type Turn = Extract<RunItem, { type: 'turn' }>

function endTurn(domain: Domain, run: RunRow, turn: Turn): { run: RunRow; next: NextInput | null } {
  if (!isLive(run)) return { run, next: null }
  const { run: asked, next } = nextInput(domain, run, turn)
  if (next === null) return { run: asked, next }
  const said = userEvent(next.text, next.images, { queued: true })
  return { run: appendEvents(domain, asked, [said, ...leftOut(domain, run, next)]), next }
}

/** It was sent before it was known who would execute the run. */
function leftOut({ store }: Domain, { runner_id, runtime, place }: RunRow, { images }: NextInput): EventDraft[] {
  const runner = runner_id === null ? undefined : store.runners.byId(runner_id)
  if (images.length === 0 || !runner || takesImages(runner, runtime, place)) return []
  const message = `The agent was not given the images of this message: the runner ${runner.name} is of a version that hands none over`
  return [{ kind: 'system', message, data: { subtype: 'images_left_out' } }]
}

function factColumns(facts: Facts): Partial<RunRow> {
  const { usage } = facts
  const columns: Partial<RunRow> = {
    cwd: facts.cwd,
    session_id: facts.sessionId,
    model: facts.model,
    permission_mode: facts.permissionMode,
    context_used: facts.contextUsed,
    context_max: facts.contextMax,
    session_totals: facts.sessionTotals && JSON.stringify(facts.sessionTotals),
    input_tokens: usage?.inputTokens,
    output_tokens: usage?.outputTokens,
    cache_read_tokens: usage?.cacheReadTokens,
    cache_write_tokens: usage?.cacheWriteTokens
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

/**
 * By the meter of its runtime: what it tells where it knows its price, until it does and else what the price table says.
 * One that costs nothing is given no price; should it tell one all the same, that counts.
 */
function costColumns(domain: Domain, run: RunRow, facts: Facts): Partial<RunRow> {
  const meter = domain.runtimes.find(({ id }) => id === run.runtime)?.meter ?? { price: true, free: false }
  if (facts.costUsd !== undefined && (meter.price || meter.free))
    return { cost_usd: plainUsd(facts.costUsd), cost_estimated: 0 }
  if (meter.free) return {}
  const told = run.cost_usd !== null && run.cost_estimated === 0
  const usage = facts.usage ?? usageOf(run)
  if (told || Object.values(usage).every(tokens => tokens === 0)) return {}
  const cost = estimate(facts.model ?? run.model, usage)
  return cost === null ? { cost_usd: null, cost_estimated: 0 } : { cost_usd: plainUsd(cost), cost_estimated: 1 }
}

/** A budget that stops what goes past it: the run is told like by a person, and says why. */
function stopWhenSpent(domain: Domain, run: RunRow): RunRow {
  const reason = isLive(run) ? spendMore(domain, run) : null
  if (reason === null || run.stopping !== 'no') return run
  return stopRun(domain, run, false, { stop_reason: reason, status_reason: reason })
}
