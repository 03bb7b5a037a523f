import { AppError } from '#contract/errors'
import type { RunItem } from '#contract/runners/runner-protocol'
import { type Approval, matchesPattern } from '#contract/runs/approvals'
import type { ApprovalEventData } from '#contract/runs/events'
import type { MessageType } from '#contract/work/messages'
import { type ApprovalRow, toApproval } from '../../store/runs/approvals.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, type Principal, recordChange } from '../domain.ts'
import { seen } from '../people/sight.ts'
import { commandRunner } from '../runners/runners.ts'
import { person, postMessage } from '../work/messages.ts'
import { appendEvents, moveRun } from './run-moves.ts'

type ApprovalItem = Extract<RunItem, { type: 'approval' }>

export interface ApprovalQuery {
  status?: Approval['status'] | undefined
  runId?: string | undefined
  limit: number
  offset: number
}

export function listApprovals(domain: Domain, query: ApprovalQuery): { items: Approval[]; total: number } {
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

export function getApproval(domain: Domain, id: string): Approval {
  return toApproval(requireApproval(domain, id))
}

function requireApproval(domain: Domain, id: string): ApprovalRow {
  const row = seen(domain, 'approvals', domain.store.approvals.byId(id))
  if (!row) throw new AppError('NOT_FOUND', `There is no approval ${id}`)
  return row
}

export interface Allowance {
  scope: 'once' | 'run'
  pattern?: string | undefined
  input?: Record<string, unknown> | undefined
}

export function approve(domain: Domain, id: string, allowance: Allowance, by: Principal): Approval {
  const row = requirePending(domain, id)
  if (allowance.scope === 'run')
    domain.store.approvals.addRule({
      run: row.run,
      tool: row.tool,
      pattern: allowance.pattern ?? row.subject,
      exact: allowance.pattern === undefined ? 1 : 0,
      made_by: by.name,
      created_at: domain.clock.now()
    })
  const decided = decide(domain, row, { status: 'approved', scope: allowance.scope, decided_by: by.name })
  answer(domain, decided, { allow: true, input: allowance.input ?? null, message: null })
  return toApproval(decided)
}

export function deny(domain: Domain, id: string, reason: string | undefined, by: Principal): Approval {
  const row = requirePending(domain, id)
  const decided = decide(domain, row, { status: 'denied', decided_by: by.name, deny_reason: reason ?? null })
  answer(domain, decided, { allow: false, input: null, message: reason ?? null })
  return toApproval(decided)
}

function requirePending(domain: Domain, id: string): ApprovalRow {
  const row = requireApproval(domain, id)
  if (row.status !== 'pending') {
    const who = row.decided_by === null ? '' : ` by ${row.decided_by}`
    throw new AppError('APPROVAL_DECIDED', `It is ${row.status}${who} already`, toApproval(row))
  }
  return row
}

/** A runtime asks. An approval that a rule of this run allows is answered at once; any other one makes the run wait. */
export function requestApproval(domain: Domain, run: RunRow, item: ApprovalItem): RunRow {
  const id = domain.newId()
  domain.store.approvals.insert({
    id,
    run: run.number,
    run_id: run.id,
    attempt: run.attempt,
    key: item.key,
    kind: item.kind,
    tool: item.tool,
    tool_use_id: item.toolUseId,
    title: item.title,
    subject: item.subject,
    input: JSON.stringify(item.input),
    reason: item.reason,
    status: 'pending',
    created_at: domain.clock.now()
  })
  recordChange(domain, 'approval', 'created', id)
  const row = requireApproval(domain, id)
  const asked = appendEvents(domain, run, [
    { ts: item.ts, kind: 'approval', message: item.title, data: eventData(row, 'requested', null) }
  ])
  tell(domain, run, 'approval.requested', row)
  const rule = item.kind === 'tool' ? matchingRule(domain, row) : undefined
  if (rule) {
    const decided = decide(domain, row, { status: 'approved', scope: 'run', decided_by: `a rule of ${rule.made_by}` })
    answer(domain, decided, { allow: true, input: null, message: null })
    return domain.store.runs.byNumber(run.number) ?? asked
  }
  return asked.status === 'RUNNING' ? moveRun(domain, asked, 'WAITING', item.title) : asked
}

function matchingRule(domain: Domain, row: ApprovalRow) {
  return domain.store.approvals
    .rules(row.run, row.tool)
    .find(rule => (rule.exact === 1 ? rule.pattern === row.subject : matchesPattern(rule.pattern, row.subject)))
}

/** The runtime no longer wants an answer. */
export function withdrawApproval(domain: Domain, run: RunRow, key: string): RunRow {
  const row = domain.store.approvals.byKey(run.number, run.attempt, key)
  if (row?.status !== 'pending') return run
  decide(domain, row, { status: 'withdrawn' })
  return domain.store.runs.byNumber(run.number) ?? run
}

/** Before a run ends: nobody can be asked any more. */
export function closePending(domain: Domain, run: RunRow, status: 'withdrawn' | 'expired'): RunRow {
  const pending = domain.store.approvals.pendingOf(run.number)
  if (pending.length === 0) return run
  for (const row of pending) decide(domain, row, { status })
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

type Decision = Pick<ApprovalRow, 'status'> & Partial<Pick<ApprovalRow, 'scope' | 'decided_by' | 'deny_reason'>>

/** Writes a decision and its event; the run goes on when nothing else waits. */
function decide(domain: Domain, row: ApprovalRow, decision: Decision): ApprovalRow {
  const decided: ApprovalRow = { ...row, ...decision, decided_at: domain.clock.now() }
  domain.store.approvals.update(row.number, { ...decision, decided_at: decided.decided_at })
  recordChange(domain, 'approval', 'changed', row.id)
  const run = domain.store.runs.byNumber(row.run)
  if (!run) return decided
  const waitedMs = (decided.decided_at ?? row.created_at) - row.created_at
  const told = appendEvents(domain, run, [
    { kind: 'approval', message: row.title, data: eventData(decided, decidedState(decision.status), waitedMs) }
  ])
  const message = messageOf(decision.status)
  if (message) tell(domain, run, message, decided)
  if (told.status === 'WAITING' && domain.store.approvals.pendingOf(run.number).length === 0)
    moveRun(domain, told, 'RUNNING', null)
  return decided
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
    approvalKind: row.kind,
    tool: row.tool,
    toolUseId: row.tool_use_id,
    title: row.title,
    subject: row.subject,
    by: row.decided_by,
    reason: state === 'denied' ? row.deny_reason : row.reason,
    waitedMs
  }
}

function answer(
  domain: Domain,
  row: ApprovalRow,
  reply: { allow: boolean; input: Record<string, unknown> | null; message: string | null }
): void {
  const run = domain.store.runs.byNumber(row.run)
  if (run?.runner_id) commandRunner(domain, run.runner_id, { type: 'answer', runId: run.id, key: row.key, ...reply })
}
