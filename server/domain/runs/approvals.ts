import { AppError, invalid, Missing } from '#contract/errors'
import type { RunItem } from '#contract/runners/runner-protocol'
import { type Approval, matchesPattern } from '#contract/runs/approvals'
import type { ApprovalEventData } from '#contract/runs/events'
import type { MessageType } from '#contract/work/messages'
import { type ApprovalRow, toApproval } from '../../store/runs/approvals.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, type Reading, recordChange, requireActor } from '../domain.ts'
import type { Duty } from '../duty.ts'
import { seen } from '../people/sight.ts'
import { commandRunner } from '../runners/runners.ts'
import { answerTick, reopenTick } from '../work/flows/tick-answers.ts'
import { wakeDuties } from '../work/flows/tick-moves.ts'
import { person, postMessage } from '../work/messages.ts'
import { appendEvents, moveRun } from './run-moves.ts'
import { forgetTrust, noteUntrusted, rememberTrust, requireNamed, settleTrust, toRequest } from './trust.ts'

type ApprovalItem = Extract<RunItem, { type: 'approval' }>

export interface ApprovalQuery {
  status?: Approval['status'] | 'decided' | undefined
  runId?: string | undefined
  limit: number
  offset: number
}

export function listApprovals(domain: Reading, query: ApprovalQuery): { items: Approval[]; total: number } {
  const run = query.runId === undefined ? undefined : seen(domain, 'runs', domain.store.runs.byId(query.runId))
  if (query.runId !== undefined && !run) return { items: [], total: 0 }
  const filter = {
    status: query.status ?? null,
    run: run?.number ?? null,
    sight: domain.sight,
    limit: query.limit,
    offset: query.offset
  }
  return { items: domain.store.approvals.list(filter).map(toApproval), total: domain.store.approvals.total(filter) }
}

export function getApproval(domain: Reading, id: string): Approval {
  return toApproval(requireApproval(domain, id))
}

function requireApproval(domain: Reading, id: string): ApprovalRow {
  const row = seen(domain, 'approvals', domain.store.approvals.byId(id))
  if (!row) throw new Missing('approval', id)
  return row
}

export interface Allowance {
  scope: 'once' | 'run'
  pattern?: string | undefined
  input?: Record<string, unknown> | undefined
  /** What is trusted, for kind `trust`. */
  content?: string | undefined
}

/** What the agent is told, and what else comes into force with it. */
interface Answer {
  allow: boolean
  input: Record<string, unknown> | null
  message: string | null
  rule: { pattern: string; exact: 0 | 1 } | null
}

export function approve(domain: Domain, id: string, allowance: Allowance): Approval {
  const row = requirePending(domain, id)
  const { scope, pattern = row.subject, input = null } = allowance
  const plain = scope === 'once' && allowance.pattern === undefined && input === null
  requireNamed(row, allowance.content, plain)
  if (row.kind === 'flow' && !plain)
    throw invalid('scope', 'a run of a flow is approved once: no scope, pattern or input')
  if (row.kind === 'tool' && row.editable === 0 && input !== null)
    throw new AppError(
      'NOT_SUPPORTED',
      'What this agent asks for cannot be changed: allow it without `input`, or deny it with a reason that says what to do instead'
    )
  const rule =
    scope === 'run' ? { pattern, exact: allowance.pattern === undefined ? (1 as const) : (0 as const) } : null
  const decision = { status: 'approved', scope, decided_by: requireActor(domain).name } as const
  return answerAs(domain, row, decision, { allow: true, input, message: null, rule })
}

export function deny(domain: Domain, id: string, reason: string | undefined): Approval {
  const row = requirePending(domain, id)
  const decision = { status: 'denied', decided_by: requireActor(domain).name, deny_reason: reason ?? null } as const
  return answerAs(domain, row, decision, { allow: false, input: null, message: reason ?? null, rule: null })
}

/**
 * Who decides in a window may think better of it: the answer is held before it is told. A program means what it says,
 * and its agents are not kept waiting. Who acts says which, so that no face has to think of it.
 */
function answerAs(domain: Domain, row: ApprovalRow, decision: Decision, answer: Answer): Approval {
  const holdMs = requireActor(domain).kind === 'session' ? domain.undoMs : 0
  if (holdMs === 0) {
    const decided = decide(domain, row, decision, answer)
    tellAgent(domain, decided, answer)
    return toApproval(decided)
  }
  const held = write(domain, row, {
    ...decision,
    held_until: domain.clock.now() + holdMs,
    held_answer: JSON.stringify(answer)
  })
  goOn(domain, row.run)
  wakeDuties(domain)
  return toApproval(held)
}

/** The answer is taken back: it waits again as if nobody had decided. Throws APPROVAL_DECIDED once the agent was told. */
export function undo(domain: Domain, id: string): Approval {
  const row = requireApproval(domain, id)
  if (row.status === 'pending') return toApproval(row)
  if (row.held_until === null)
    throw new AppError(
      'APPROVAL_DECIDED',
      `It is ${row.status} and the agent was told; it cannot be undone`,
      toApproval(row)
    )
  if (row.flow_tick_id !== null) reopenTick(domain, row.flow_tick_id)
  const open = write(domain, row, { status: 'pending' })
  const run = domain.store.runs.byNumber(row.run)
  if (run && isAtWork(run)) moveRun(domain, run, 'WAITING', row.title)
  return toApproval(open)
}

/** The next run in that folder asks again. */
export function withdrawTrust(domain: Domain, id: string): Approval {
  const row = requireApproval(domain, id)
  forgetTrust(domain, row.id)
  return toApproval(row)
}

/** Answers told in one transaction. */
const toldAtOnce = 100

/** Agents are told what was decided long enough ago. */
export const heldAnswers: Duty = {
  due({ store, clock }) {
    const next = store.approvals.nextHeld()
    return next === null ? null : next - clock.now()
  },
  perform: tellHeld,
  late: 'perform'
}

function tellHeld(domain: Domain): void {
  for (const row of domain.store.approvals.heldUntil(domain.clock.now(), toldAtOnce)) {
    const answer = JSON.parse(row.held_answer ?? 'null') as Answer
    domain.store.approvals.update(row.number, { held_until: null, held_answer: null })
    recordChange(domain, 'approval', 'changed', row.id)
    record(domain, row, answer)
    tellAgent(domain, row, answer)
  }
}

/** Nobody answered in time. Whoever asked is told no, which is not said to be anybody's. */
export const unanswered: Duty = {
  due({ store, clock }) {
    const next = store.approvals.nextExpiring()
    return next === null ? null : next - clock.now()
  },
  perform(domain) {
    for (const row of domain.store.approvals.expiredBy(domain.clock.now(), toldAtOnce)) {
      const expired = decide(domain, row, { status: 'expired' })
      if (row.kind === 'trust') noteUntrusted(domain, row)
      answerAgent(domain, expired, { allow: false, input: null, message: 'Nobody answered in time; go on without it' })
    }
  },
  late: 'perform'
}

function requirePending(domain: Reading, id: string): ApprovalRow {
  const row = requireApproval(domain, id)
  if (row.status !== 'pending') {
    const who = row.decided_by === null ? '' : ` by ${row.decided_by}`
    throw new AppError('APPROVAL_DECIDED', `It is ${row.status}${who} already`, toApproval(row))
  }
  return row
}

/** A runtime asks. An approval that a rule of this run allows is answered at once; any other one makes the run wait. */
export function requestApproval(domain: Domain, run: RunRow, item: ApprovalItem): RunRow {
  const known = domain.store.approvals.byKey(run.number, run.attempt, item.key)
  if (known) return askedAgain(domain, run, known)
  const settled = item.kind === 'trust' ? settleTrust(domain, run, item) : null
  if (settled) return settled
  const id = domain.newId()
  const now = domain.clock.now()
  const agent = run.agent_id === null ? undefined : domain.store.agents.byId(run.agent_id)
  domain.store.approvals.insert({
    id,
    run: run.number,
    run_id: run.id,
    flow_id: null,
    flow_tick_id: null,
    attempt: run.attempt,
    key: item.key,
    kind: item.kind,
    tool: item.tool,
    tool_use_id: item.toolUseId,
    title: item.title,
    subject: item.subject,
    input: JSON.stringify(item.kind === 'trust' ? toRequest(domain, run, item) : item.input),
    reason: item.reason,
    editable: item.editable === false ? 0 : 1,
    status: 'pending',
    agent_id: run.agent_id,
    agent_name: agent?.name ?? null,
    created_at: now,
    expires_at: run.answer_seconds === null ? null : now + run.answer_seconds * 1000
  })
  recordChange(domain, 'approval', 'created', id)
  if (run.answer_seconds !== null) wakeDuties(domain)
  const row = requireApproval(domain, id)
  const asked = appendEvents(domain, run, [
    { ts: item.ts, kind: 'approval', message: item.title, data: eventData(row, 'requested', null) }
  ])
  tell(domain, run, 'approval.requested', row)
  const rule = item.kind === 'tool' ? matchingRule(domain, row) : undefined
  if (rule) {
    const decided = decide(domain, row, { status: 'approved', scope: 'run', decided_by: `a rule of ${rule.made_by}` })
    tellAgent(domain, decided, { allow: true, input: null, message: null, rule: null })
    return domain.store.runs.byNumber(run.number) ?? asked
  }
  return isAtWork(asked) ? moveRun(domain, asked, 'WAITING', item.title) : asked
}

/** Also what is only about to start: it may be asked whether it may. */
function isAtWork({ status }: RunRow): boolean {
  return status === 'RUNNING' || status === 'CLAIMED'
}

/** Its agent still waits: the answer got lost with what was put back. What was allowed may have been changed first. */
function askedAgain(domain: Domain, run: RunRow, row: ApprovalRow): RunRow {
  if (isOpen(row)) return run
  if (row.status === 'denied') {
    tellAgent(domain, row, { allow: false, input: null, message: row.deny_reason, rule: null })
    return run
  }
  write(domain, row, { status: 'pending' })
  return isAtWork(run) ? moveRun(domain, run, 'WAITING', row.title) : run
}

function matchingRule(domain: Pick<Domain, 'store'>, row: ApprovalRow) {
  return domain.store.approvals
    .rules(row.run, row.tool)
    .find(rule => (rule.exact === 1 ? rule.pattern === row.subject : matchesPattern(rule.pattern, row.subject)))
}

/** The agent has no answer yet. */
function isOpen({ status, held_until }: ApprovalRow): boolean {
  return status === 'pending' || held_until !== null
}

/** The runtime no longer wants an answer. */
export function withdrawApproval(domain: Domain, run: RunRow, key: string): RunRow {
  const row = domain.store.approvals.byKey(run.number, run.attempt, key)
  if (!row || !isOpen(row)) return run
  decide(domain, row, { status: 'withdrawn' })
  return domain.store.runs.byNumber(run.number) ?? run
}

/** Before a run ends: nobody can be asked any more. */
export function closePending(domain: Domain, run: RunRow, status: 'withdrawn' | 'expired'): RunRow {
  const open = domain.store.approvals.openOf(run.number)
  if (open.length === 0) return run
  for (const row of open) decide(domain, row, { status })
  return domain.store.runs.byNumber(run.number) ?? run
}

/** A run that was lost goes on: what it asked in this attempt is asked again. */
export function reopenExpired(domain: Domain, run: RunRow): RunRow {
  const expired = domain.store.approvals.expiredOf(run.number, run.attempt)
  let current = run
  for (const row of expired) {
    domain.store.approvals.update(row.number, { status: 'pending', decided_at: null })
    recordChange(domain, 'approval', 'changed', row.id)
    current = appendEvents(domain, current, [
      { kind: 'approval', message: row.title, data: eventData(row, 'requested', null) }
    ])
  }
  return expired.length === 0 ? current : moveRun(domain, current, 'WAITING', expired[0]?.title ?? null)
}

type Decision = Pick<ApprovalRow, 'status'> &
  Partial<Pick<ApprovalRow, 'scope' | 'decided_by' | 'deny_reason' | 'held_until' | 'held_answer'>>

const undecided = { scope: null, decided_by: null, deny_reason: null, held_until: null, held_answer: null } as const

/** A decision that holds from now on, with its event; the run goes on when nothing else waits. */
function decide(domain: Domain, row: ApprovalRow, decision: Decision, answer?: Answer): ApprovalRow {
  const decided = write(domain, row, decision)
  record(domain, decided, answer)
  goOn(domain, row.run)
  return decided
}

function write(domain: Domain, row: ApprovalRow, decision: Decision): ApprovalRow {
  const decided_at = decision.status === 'pending' ? null : domain.clock.now()
  const columns = { ...undecided, ...decision, decided_at }
  domain.store.approvals.update(row.number, columns)
  recordChange(domain, 'approval', 'changed', row.id)
  return { ...row, ...columns }
}

/** The log of a run holds what its agent was told. */
function record(domain: Domain, row: ApprovalRow, answer?: Answer): void {
  const run = domain.store.runs.byNumber(row.run)
  if (!run) return
  const waitedMs = (row.decided_at ?? row.created_at) - row.created_at
  appendEvents(domain, run, [
    {
      kind: 'approval',
      message: row.title,
      data: { ...eventData(row, decidedState(row.status), waitedMs), ...wordsOf(row, answer) }
    }
  ])
  const message = messageOf(row.status)
  if (message) tell(domain, run, message, row)
}

/** What was answered to a question: the answer alone, or each with its question where there were several. */
function wordsOf({ kind }: ApprovalRow, answer: Answer | undefined): Pick<ApprovalEventData, 'answer'> {
  const answers = kind === 'question' && answer?.allow ? answer.input?.answers : undefined
  if (typeof answers !== 'object' || answers === null) return {}
  const told = Object.entries(answers).filter(([, words]) => typeof words === 'string')
  if (told.length === 0) return {}
  return { answer: told.map(([question, words]) => (told.length > 1 ? `${question} ${words}` : words)).join('\n') }
}

function goOn(domain: Domain, number: number): void {
  const run = domain.store.runs.byNumber(number)
  if (run?.status === 'WAITING' && domain.store.approvals.pendingOf(number).length === 0)
    moveRun(domain, run, run.started_at === null ? 'CLAIMED' : 'RUNNING', null)
}

function messageOf(status: Approval['status']): MessageType | null {
  if (status === 'approved') return 'approval.granted'
  return status === 'denied' ? 'approval.rejected' : null
}

/** On the bus stands what agents and people ask of each other; a run without an agent is nobody's. */
function tell(domain: Domain, run: RunRow, type: MessageType, row: ApprovalRow): void {
  if (run.agent_id === null) return
  const asked = type === 'approval.requested'
  postMessage(domain, {
    type,
    from: asked ? run.agent_id : person,
    to: asked ? person : run.agent_id,
    taskId: run.task_id,
    runId: run.id,
    text: `${row.title}: ${row.subject}`,
    data: { approvalId: row.id, ...(row.deny_reason === null ? {} : { reason: row.deny_reason }) }
  })
}

function decidedState(status: Approval['status']): ApprovalEventData['state'] {
  return status === 'pending' ? 'requested' : status
}

function eventData(row: ApprovalRow, state: ApprovalEventData['state'], waitedMs: number | null): ApprovalEventData {
  return {
    approvalId: row.id,
    state,
    // Of a run, so it is none that is asked before there is one.
    approvalKind: row.kind as ApprovalEventData['approvalKind'],
    tool: row.tool,
    toolUseId: row.tool_use_id,
    title: row.title,
    subject: row.subject,
    by: row.decided_by,
    reason: state === 'denied' ? row.deny_reason : row.reason,
    waitedMs
  }
}

function tellAgent(domain: Domain, row: ApprovalRow, { rule, ...reply }: Answer): void {
  if (row.flow_tick_id !== null) answerTick(domain, row.flow_tick_id, reply.allow, reply.message)
  if (row.kind === 'trust') rememberTrust(domain, row, reply.allow)
  if (rule)
    domain.store.approvals.addRule({
      run: row.run,
      tool: row.tool,
      ...rule,
      made_by: row.decided_by ?? '',
      created_at: domain.clock.now()
    })
  answerAgent(domain, row, reply)
}

function answerAgent(domain: Domain, { run: number, key }: ApprovalRow, reply: Omit<Answer, 'rule'>): void {
  const run = domain.store.runs.byNumber(number)
  if (run?.runner_id) commandRunner(domain, run.runner_id, { type: 'answer', runId: run.id, key, ...reply })
}
