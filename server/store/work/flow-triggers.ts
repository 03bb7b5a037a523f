import type { TriggerType } from '#contract/work/flow-triggers'
import { insertRow, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

export interface TriggerRow {
  id: string
  flow_id: string
  position: number
  type: TriggerType
  /** What it was wished to be, as JSON. */
  config: string
  /** Of type flow: after which one. */
  source_flow_id: string | null
  /** Of type webhook: its secret. */
  sealed: Buffer | null
  /** When it is to start its flow, or to be looked at, next; null: nothing waits for a time. */
  next_at: number | null
  /** Of type change: what was there at the last look. */
  seen: string | null
  looked_at: number | null
  problem: string | null
  created_at: number
}

export function flowTriggerStore(db: Database) {
  const byId = db.prepare<[string], TriggerRow>('SELECT * FROM flow_triggers WHERE id = ?')
  const ofFlow = db.prepare<[string], TriggerRow>('SELECT * FROM flow_triggers WHERE flow_id = ? ORDER BY position')
  const ofFlows = db.prepare<[string], TriggerRow>(
    'SELECT * FROM flow_triggers WHERE flow_id IN (SELECT value FROM json_each(?)) ORDER BY position'
  )
  const after = db.prepare<[string], TriggerRow>('SELECT * FROM flow_triggers WHERE source_flow_id = ?')
  const next = db.prepare<[], { at: number | null }>(
    'SELECT min(next_at) AS at FROM flow_triggers WHERE next_at IS NOT NULL'
  )
  const due = db.prepare<[number, number], TriggerRow>(
    'SELECT * FROM flow_triggers WHERE next_at <= ? ORDER BY next_at LIMIT ?'
  )
  const timed = db.prepare<[string, number], TriggerRow>(
    'SELECT * FROM flow_triggers WHERE next_at IS NOT NULL AND id > ? ORDER BY id LIMIT ?'
  )
  const remove = db.prepare('DELETE FROM flow_triggers WHERE id = ?')
  const known = db.prepare('INSERT OR IGNORE INTO webhook_messages VALUES (?, ?, ?)')
  const lately = db.prepare<[string, number], { n: number }>(
    'SELECT count(*) AS n FROM webhook_messages WHERE trigger_id = ? AND received_at > ?'
  )
  const forget = db.prepare('DELETE FROM webhook_messages WHERE received_at < ?')
  return {
    insert: insertRow<TriggerRow>(db, 'flow_triggers', [
      'id',
      'flow_id',
      'position',
      'type',
      'config',
      'source_flow_id',
      'sealed',
      'next_at',
      'seen',
      'looked_at',
      'problem',
      'created_at'
    ]),
    update: partialUpdate<TriggerRow>(db, 'flow_triggers', 'id'),
    byId: (id: string) => byId.get(id),
    ofFlow: (flowId: string) => ofFlow.all(flowId),
    ofFlows: (flowIds: readonly string[]) => ofFlows.all(JSON.stringify(flowIds)),
    /** Those that wait for the end of a flow. */
    after: (flowId: string) => after.all(flowId),
    /** When the next one is due; null: none ever is. */
    next: () => next.get()?.at ?? null,
    due: (now: number, limit: number) => due.all(now, limit),
    /** Those that wait for a time, by their ids, after one of them. */
    timed: (afterId: string, limit: number) => timed.all(afterId, limit),
    remove: (id: string) => remove.run(id),
    /** Whether this message is new; those that came before `oldest` are forgotten. */
    takeMessage(triggerId: string, messageId: string, now: number, oldest: number): boolean {
      forget.run(oldest)
      return known.run(triggerId, messageId, now).changes === 1
    },
    messagesSince: (triggerId: string, time: number) => lately.get(triggerId, time)?.n ?? 0
  }
}
