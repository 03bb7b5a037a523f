import { AppError, invalid } from '#contract/errors'
import type { RunItem } from '#contract/runners/runner-protocol'
import { type TrustQuestion, type TrustRequest, trustQuestion, trustRequest } from '#contract/runs/trust'
import { iso } from '../../store/columns.ts'
import type { ApprovalRow } from '../../store/runs/approvals.ts'
import type { FolderTrustRow } from '../../store/runs/folder-trust.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { commandRunner, homeOf } from '../runners/runners.ts'
import { appendEvents } from './run-moves.ts'

type ApprovalItem = Extract<RunItem, { type: 'approval' }>

/**
 * Settings that lie in a folder act by themselves: what a person decided about this very content holds, and a run that
 * started by itself asks nobody. Null: a person must be asked.
 */
export function settleTrust(domain: Domain, run: RunRow, item: ApprovalItem): RunRow | null {
  const question = trustQuestion.safeParse(item.input)
  if (!question.success) return goOn(domain, run, item.key, false, 'The runner did not say what they are')
  const decided = domain.store.folderTrust.decided(subjectOf(domain, run, question.data), question.data.content)
  if (decided) {
    const { allowed, decided_by, decided_at } = decided
    const who = `${decided_by} ${allowed ? 'trusted' : 'refused'} this content on ${iso(decided_at).slice(0, 10)}`
    return goOn(domain, run, item.key, allowed === 1, who)
  }
  return run.trust === 'never'
    ? goOn(domain, run, item.key, false, 'Nobody trusted this content yet, and this run does not wait for a person')
    : null
}

/** The request as people see it: beside what was trusted last. */
export function toRequest(domain: Pick<Domain, 'store'>, run: RunRow, item: ApprovalItem): TrustRequest {
  const question = trustQuestion.parse(item.input)
  const last = domain.store.folderTrust.lastAllowed(subjectOf(domain, run, question))
  return { ...question, before: last ? toBefore(last) : null }
}

function toBefore({ question, decided_by, decided_at }: FolderTrustRow): TrustRequest['before'] {
  const { content, acts, files } = trustQuestion.parse(JSON.parse(question))
  return { content, acts, files, decidedBy: decided_by, decidedAt: iso(decided_at) }
}

/** Trust names what it trusts, so that none is given by whoever allows whatever is asked. Throws INVALID_INPUT. */
export function requireNamed(row: ApprovalRow, named: string | undefined, plain: boolean): void {
  if (row.kind !== 'trust') {
    if (named !== undefined) throw invalid('content', 'only a request of kind trust takes one')
    return
  }
  if (!plain) throw invalid('scope', 'trust is given once, to exactly this content: no scope, pattern or input')
  const { content } = trustRequest.parse(JSON.parse(row.input))
  if (named !== content) throw invalid('content', 'name the content that you trust: it stands in `input.content`')
}

/** The agent was told: from now on it holds for every run in this folder. */
export function rememberTrust(domain: Domain, row: ApprovalRow, allowed: boolean): void {
  const run = domain.store.runs.byNumber(row.run)
  if (!run) return
  const { before, ...question } = trustRequest.parse(JSON.parse(row.input))
  const what = { ...subjectOf(domain, run, question), content: question.content }
  // The last word counts: another run may have asked about the same.
  domain.store.folderTrust.forget(what)
  domain.store.folderTrust.add({
    approval_id: row.id,
    ...what,
    allowed: allowed ? 1 : 0,
    question: JSON.stringify(question),
    decided_by: row.decided_by ?? '',
    decided_at: row.decided_at ?? domain.clock.now()
  })
  if (!allowed) appendEvents(domain, run, [settledEvent(false, 'It was refused')])
}

/** Nobody said anything: this run goes on without, and the next one asks again. */
export function noteUntrusted(domain: Domain, row: ApprovalRow): void {
  const run = domain.store.runs.byNumber(row.run)
  if (run) appendEvents(domain, run, [settledEvent(false, 'Nobody answered in time')])
}

/** The next run asks again; what runs already goes on. Throws NOT_FOUND when nothing is remembered of it. */
export function forgetTrust(domain: Domain, approvalId: string): void {
  const row = domain.store.folderTrust.byApproval(approvalId)
  if (!row) throw new AppError('NOT_FOUND', 'Nothing is remembered of this request: it is no trust, or was withdrawn')
  domain.store.folderTrust.forget(row)
  recordChange(domain, 'approval', 'changed', approvalId)
}

function subjectOf(domain: Pick<Domain, 'store'>, run: RunRow, { folder, runtime }: TrustQuestion) {
  return { runner_id: homeOf(domain, run.runner_id ?? ''), folder, runtime }
}

function goOn(domain: Domain, run: RunRow, key: string, allow: boolean, why: string): RunRow {
  if (run.runner_id !== null)
    commandRunner(domain, run.runner_id, { type: 'answer', runId: run.id, key, allow, input: null, message: null })
  return appendEvents(domain, run, [settledEvent(allow, why)])
}

function settledEvent(allow: boolean, why: string) {
  const message = allow
    ? `The settings of this folder take effect. ${why}`
    : `Goes on without the settings of this folder. ${why}`
  return { kind: 'system' as const, message, data: { subtype: 'folder-settings', allowed: allow } }
}
