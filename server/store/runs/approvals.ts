import type { Approval } from '#contract/runs/approvals'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

export interface ApprovalRow {
  number: number
  id: string
  /** 0, and no id: it is asked before there is a run, of the flow that is named. */
  run: number
  run_id: string
  flow_id: string | null
  flow_tick_id: string | null
  attempt: number
  key: string
  kind: Approval['kind']
  tool: string
  tool_use_id: string | null
  title: string
  subject: string
  input: string
  reason: string | null
  editable: 0 | 1
  status: Approval['status']
  scope: Approval['scope']
  decided_by: string | null
  decided_at: number | null
  deny_reason: string | null
  /** Decided, but its agent is told only then, with `held_answer`; until then it can be undone. */
  held_until: number | null
  held_answer: string | null
  agent_id: string | null
  /** As it was called when it asked. */
  agent_name: string | null
  created_at: number
  /** Unanswered until then it counts as no; null: it waits as long as whoever asks. */
  expires_at: number | null
}

export interface RuleRow {
  run: number
  tool: string
  pattern: string
  exact: number
  made_by: string
  created_at: number
}

const columns = [
  'id',
  'run',
  'run_id',
  'flow_id',
  'flow_tick_id',
  'attempt',
  'key',
  'kind',
  'tool',
  'tool_use_id',
  'title',
  'subject',
  'input',
  'reason',
  'editable',
  'status',
  'agent_id',
  'agent_name',
  'created_at',
  'expires_at'
] as const
export type NewApproval = Pick<ApprovalRow, (typeof columns)[number]>

export interface ApprovalFilter {
  status: Approval['status'] | 'decided' | null
  run: number | null
  sight: Sight
  limit: number
  offset: number
}

export function approvalStore(db: Database) {
  const byId = db.prepare<[string], ApprovalRow>('SELECT * FROM approvals WHERE id = ?')
  const byKey = db.prepare<[number, number, string], ApprovalRow>(
    'SELECT * FROM approvals WHERE run = ? AND attempt = ? AND key = ?'
  )
  const pendingOf = db.prepare<[number], ApprovalRow>(
    "SELECT * FROM approvals WHERE run = ? AND status = 'pending' ORDER BY number"
  )
  const openOf = db.prepare<[number], ApprovalRow>(
    "SELECT * FROM approvals WHERE run = ? AND (status = 'pending' OR held_until IS NOT NULL) ORDER BY number"
  )
  const nextHeld = db.prepare<[], { at: number | null }>(
    'SELECT min(held_until) AS at FROM approvals WHERE held_until IS NOT NULL'
  )
  const heldUntil = db.prepare<[number, number], ApprovalRow>(
    'SELECT * FROM approvals WHERE held_until <= ? ORDER BY held_until, number LIMIT ?'
  )
  const expiredOf = db.prepare<[number, number], ApprovalRow>(
    `SELECT * FROM approvals WHERE run = ? AND attempt = ? AND status = 'expired'
       AND (expires_at IS NULL OR decided_at < expires_at) ORDER BY number`
  )
  const counts = db.prepare<[], { status: string; count: number }>('SELECT status, count FROM approval_counts')
  const countOfRun = db.prepare<[number], { n: number }>('SELECT count(*) AS n FROM approvals WHERE run = ?')
  const countOfRunStatus = db.prepare<[number, string], { n: number }>(
    'SELECT count(*) AS n FROM approvals WHERE run = ? AND status = ?'
  )
  const rules = db.prepare<[number, string], RuleRow>('SELECT * FROM approval_rules WHERE run = ? AND tool = ?')

  function total(filter: ApprovalFilter): number {
    if (filter.sight !== 'everything') {
      const { where, values } = conditions(filter)
      const sql = `SELECT count(*) AS n FROM approvals WHERE ${where}`
      return db.prepare<(string | number)[], { n: number }>(sql).get(...values)?.n ?? 0
    }
    if (filter.run !== null && filter.status === 'decided')
      return (countOfRun.get(filter.run)?.n ?? 0) - (countOfRunStatus.get(filter.run, 'pending')?.n ?? 0)
    if (filter.run !== null)
      return (
        (filter.status === null ? countOfRun.get(filter.run) : countOfRunStatus.get(filter.run, filter.status))?.n ?? 0
      )
    return counts
      .all()
      .filter(({ status }) =>
        filter.status === 'decided' ? status !== 'pending' : (filter.status ?? status) === status
      )
      .reduce((sum, row) => sum + row.count, 0)
  }

  function list(filter: ApprovalFilter): ApprovalRow[] {
    const { where, values } = conditions(filter)
    const order = filter.status === 'pending' ? 'ASC' : 'DESC'
    return db
      .prepare<(string | number)[], ApprovalRow>(
        `SELECT * FROM approvals WHERE ${where} ORDER BY number ${order} LIMIT ? OFFSET ?`
      )
      .all(...values, filter.limit, filter.offset)
  }

  return {
    insert: insertRow<NewApproval>(db, 'approvals', columns),
    update: partialUpdate<ApprovalRow>(db, 'approvals', 'number'),
    byId: (id: string) => byId.get(id),
    byKey: (run: number, attempt: number, key: string) => byKey.get(run, attempt, key),
    pendingOf: (run: number) => pendingOf.all(run),
    openOf: (run: number) => openOf.all(run),
    nextHeld: () => nextHeld.get()?.at ?? null,
    heldUntil: (now: number, limit: number) => heldUntil.all(now, limit),
    /** Which its agent was told nothing of: not those that nobody answered in time. */
    expiredOf: (run: number, attempt: number) => expiredOf.all(run, attempt),
    ...expiring(db),
    list,
    total,
    rules: (run: number, tool: string) => rules.all(run, tool),
    addRule: insertRow<RuleRow>(db, 'approval_rules', ['run', 'tool', 'pattern', 'exact', 'made_by', 'created_at'])
  }
}

/** Those that count as no when nobody answers in time. */
function expiring(db: Database) {
  // What a flow asks before there is a run is for its tick to let go.
  const waiting = "status = 'pending' AND expires_at IS NOT NULL AND run <> 0"
  const nextExpiring = db.prepare<[], { at: number | null }>(
    `SELECT min(expires_at) AS at FROM approvals WHERE ${waiting}`
  )
  const expiredBy = db.prepare<[number, number], ApprovalRow>(
    `SELECT * FROM approvals WHERE ${waiting} AND expires_at <= ? ORDER BY expires_at, number LIMIT ?`
  )
  return {
    nextExpiring: () => nextExpiring.get()?.at ?? null,
    expiredBy: (now: number, limit: number) => expiredBy.all(now, limit)
  }
}

function conditions(filter: ApprovalFilter): { where: string; values: (string | number)[] } {
  const own = visible(filter.sight, 'approvals')
  const where = ['1 = 1', ...own.where]
  const values: (string | number)[] = [...own.values]
  if (filter.status === 'decided') where.push("status <> 'pending'")
  else if (filter.status !== null) {
    where.push('status = ?')
    values.push(filter.status)
  }
  if (filter.run !== null) {
    where.push('run = ?')
    values.push(filter.run)
  }
  return { where: where.join(' AND '), values }
}

export function toApproval(row: ApprovalRow): Approval {
  return {
    id: row.id,
    runId: row.run === 0 ? null : row.run_id,
    runNumber: row.run === 0 ? null : row.run,
    flowId: row.flow_id,
    flowRunId: row.flow_tick_id,
    expiresAt: isoOrNull(row.expires_at),
    agentId: row.agent_id,
    agentName: row.agent_name,
    kind: row.kind,
    tool: row.tool,
    toolUseId: row.tool_use_id,
    title: row.title,
    subject: row.subject,
    input: JSON.parse(row.input) as Record<string, unknown>,
    reason: row.reason,
    editable: row.editable === 1,
    status: row.status,
    scope: row.scope,
    decidedBy: row.decided_by,
    decidedAt: isoOrNull(row.decided_at),
    denyReason: row.deny_reason,
    undoableUntil: isoOrNull(row.held_until),
    createdAt: iso(row.created_at)
  }
}
