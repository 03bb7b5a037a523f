import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { flowTickStore } from './flow-ticks.ts'
import { flowTriggerStore, type TriggerRow } from './flow-triggers.ts'

const start = Date.parse('2026-03-10T12:00:00Z')
let folder: string
let db: Sqlite.Database
/** Every statement that was run, with its values in place. */
let ran: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-flows-'))
  ran = []
  db = new Sqlite(join(folder, 'x.db'), { verbose: sql => ran.push(String(sql)) })
  for (const { sql } of migrations) db.exec(sql)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const trigger = (n: number): TriggerRow => ({
  id: `t${n}`,
  flow_id: `f${n}`,
  position: 0,
  type: 'schedule',
  config: '{"type":"schedule","cron":"0 * * * *","timezone":"UTC"}',
  source_flow_id: null,
  sealed: null,
  next_at: start + n,
  seen: null,
  looked_at: null,
  problem: null,
  created_at: start
})

test('whatever the number of flows, what is due is told by an index, and nothing is looked through', () => {
  const triggers = flowTriggerStore(db)
  const ticks = flowTickStore(db)
  db.transaction(() => {
    for (let n = 0; n < 10_000; n++) triggers.insert(trigger(n))
  })()
  ran = []
  expect(triggers.next()).toBe(start)
  expect(triggers.due(start + 5, 3).map(({ id }) => id)).toEqual(['t0', 't1', 't2'])
  expect(triggers.after('f1')).toEqual([])
  expect(triggers.ofFlows(['f7']).map(({ id }) => id)).toEqual(['t7'])
  expect(ticks.next()).toBeNull()
  expect(ticks.due(start, 20)).toEqual([])
  expect(ticks.open('f1')).toEqual([])
  expect(ticks.byRun('r')).toBeUndefined()
  expect(ticks.isTaken('t1', start)).toBe(false)
  expect(ticks.removeBefore(start, 10)).toBe(0)
  expect(ran).toHaveLength(10)
  for (const sql of [...ran]) {
    const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
    const through = plan.filter(({ detail }) => /^SCAN (?!json_each)/.test(detail))
    expect({ sql, through }).toEqual({ sql, through: [] })
  }
})
