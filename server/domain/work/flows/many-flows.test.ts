import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrations } from '../../../store/migrations/index.ts'
import { flowTickStore } from '../../../store/work/flow-ticks.ts'
import { flowTriggerStore } from '../../../store/work/flow-triggers.ts'
import type { Domain } from '../../domain.ts'
import { tickSteps } from './tick-duty.ts'
import { dueTriggers } from './trigger-duty.ts'

const start = Date.parse('2026-03-10T12:00:00Z')
const hour = 3_600_000
let folder: string
let db: Sqlite.Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-flows-'))
  db = new Sqlite(join(folder, 'x.db'))
  for (const { sql } of migrations) db.exec(sql)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('whatever the number of flows, when the next one is due is one look at an index', () => {
  const flowTriggers = flowTriggerStore(db)
  const flowTicks = flowTickStore(db)
  db.transaction(() => {
    for (let n = 0; n < 10_000; n++)
      flowTriggers.insert({
        id: `t${n}`,
        flow_id: `f${n}`,
        position: 0,
        type: 'schedule',
        config: '{"type":"schedule","cron":"0 * * * *","timezone":"UTC"}',
        source_flow_id: null,
        sealed: null,
        next_at: start + hour + n,
        seen: null,
        looked_at: null,
        problem: null,
        created_at: start
      })
  })()
  const changes = { bounds: () => ({ first: null, last: null }) }
  const domain = { store: { flowTriggers, flowTicks, changes }, clock: { now: () => start, steady: () => 0 } }
  expect(dueTriggers.due(domain as unknown as Domain)).toBe(hour)
  expect(tickSteps.due(domain as unknown as Domain)).toBeNull()
  for (const sql of [
    'SELECT min(next_at) FROM flow_triggers WHERE next_at IS NOT NULL',
    'SELECT * FROM flow_triggers WHERE next_at <= 1 ORDER BY next_at LIMIT 20',
    'SELECT min(wake_at) FROM flow_ticks WHERE wake_at IS NOT NULL',
    'SELECT * FROM flow_ticks WHERE wake_at <= 1 ORDER BY wake_at, number LIMIT 20',
    "SELECT * FROM flow_ticks WHERE flow_id = 'f' AND ended_at IS NULL ORDER BY number"
  ]) {
    const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
    expect(plan.map(({ detail }) => detail).join()).toMatch(/SEARCH .* USING .*INDEX/)
  }
})
