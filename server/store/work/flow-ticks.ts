import type { FlowOrigin, FlowRunStatus } from '#contract/work/flow-runs'
import { insertRow, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

export interface TickRow {
  number: number
  id: string
  flow_id: string
  trigger_id: string | null
  origin: FlowOrigin
  due_at: number
  status: FlowRunStatus
  reason_code: string | null
  reason: string | null
  /** For how many missed ones it stands. */
  missed: number
  attempt: number
  /** Variables that came with it, as JSON. */
  given: string
  run_id: string | null
  approval_id: string | null
  /** When it is to be looked at next; null: something else will tell. */
  wake_at: number | null
  result: string | null
  tokens: number | null
  cost_usd: number | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}

const columns = [
  'id',
  'flow_id',
  'trigger_id',
  'origin',
  'due_at',
  'status',
  'reason_code',
  'reason',
  'missed',
  'given',
  'created_at',
  'ended_at'
] as const
export type NewTick = Pick<TickRow, (typeof columns)[number]>

export function flowTickStore(db: Database) {
  const byId = db.prepare<[string], TickRow>('SELECT * FROM flow_ticks WHERE id = ?')
  const byNumber = db.prepare<[number], TickRow>('SELECT * FROM flow_ticks WHERE number = ?')
  const byRun = db.prepare<[string], TickRow>('SELECT * FROM flow_ticks WHERE run_id = ?')
  const open = db.prepare<[string], TickRow>(
    'SELECT * FROM flow_ticks WHERE flow_id = ? AND ended_at IS NULL ORDER BY number'
  )
  const openCounts = db.prepare<[string], { flow_id: string; open: number; running: number }>(
    `SELECT flow_id, count(*) AS open, sum(status IN ('approved', 'running', 'retrying')) AS running FROM flow_ticks
     WHERE ended_at IS NULL AND flow_id IN (SELECT value FROM json_each(?)) GROUP BY flow_id`
  )
  const at = db.prepare('SELECT 1 FROM flow_ticks WHERE trigger_id = ? AND due_at = ? AND origin = ?')
  const next = db.prepare<[], { at: number | null }>(
    'SELECT min(wake_at) AS at FROM flow_ticks WHERE wake_at IS NOT NULL'
  )
  const due = db.prepare<[number, number], TickRow>(
    'SELECT * FROM flow_ticks WHERE wake_at <= ? ORDER BY wake_at, number LIMIT ?'
  )
  const list = db.prepare<{ flow: string; status: string | null; limit: number; offset: number }, TickRow>(
    `SELECT * FROM flow_ticks WHERE flow_id = :flow AND (:status IS NULL OR status = :status)
     ORDER BY number DESC LIMIT :limit OFFSET :offset`
  )
  const total = db.prepare<{ flow: string; status: string | null }, { n: number }>(
    'SELECT count(*) AS n FROM flow_ticks WHERE flow_id = :flow AND (:status IS NULL OR status = :status)'
  )
  const trim = db.prepare(
    `DELETE FROM flow_ticks WHERE flow_id = :flow AND ended_at IS NOT NULL AND wake_at IS NULL AND number <=
       (SELECT number FROM flow_ticks WHERE flow_id = :flow ORDER BY number DESC LIMIT 1 OFFSET :kept)`
  )
  const old = db.prepare(
    `DELETE FROM flow_ticks WHERE number IN
       (SELECT number FROM flow_ticks WHERE ended_at < ? AND wake_at IS NULL LIMIT ?)`
  )
  const removeOf = db.prepare('DELETE FROM flow_ticks WHERE flow_id = ?')
  return {
    insert: insertRow<NewTick>(db, 'flow_ticks', columns),
    update: partialUpdate<TickRow>(db, 'flow_ticks', 'number'),
    byId: (id: string) => byId.get(id),
    byNumber: (number: number) => byNumber.get(number),
    byRun: (runId: string) => byRun.get(runId),
    /** Of a flow, that have not ended; oldest first. */
    open: (flowId: string) => open.all(flowId),
    openCounts: (flowIds: readonly string[]) => openCounts.all(JSON.stringify(flowIds)),
    /** Whether a scheduled tick of this time was taken up already. */
    isTaken: (triggerId: string, dueAt: number) => at.get(triggerId, dueAt, 'schedule') !== undefined,
    next: () => next.get()?.at ?? null,
    due: (now: number, limit: number) => due.all(now, limit),
    list: (flow: string, status: string | null, { limit, offset }: { limit: number; offset: number }) =>
      list.all({ flow, status, limit, offset }),
    total: (flow: string, status: string | null) => total.get({ flow, status })?.n ?? 0,
    /** Only so many of the newest are kept of a flow. */
    trim: (flow: string, kept: number) => trim.run({ flow, kept }),
    /** Deletes those that ended before a time, so many at most; returns how many. */
    removeBefore: (time: number, limit: number) => old.run(time, limit).changes,
    removeOf: (flow: string) => removeOf.run(flow)
  }
}
