import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '../database.ts'
import { migrations } from '../migrations/index.ts'
import { type UsageRow, usageStore } from './usage.ts'

let folder: string
let db: Sqlite.Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-usage-'))
  db = new Sqlite(join(folder, 'flotilla.db'))
  migrate(db, folder, migrations)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const day = '2026-03-10'
const span = { from: day, to: day, agentId: null, sight: 'everything', runtime: null } as const

/** Of one run; -1 takes it back. */
function row(cost_usd: number, times: 1 | -1 = 1): UsageRow {
  const counts = { runs: times, succeeded: times, failed: 0, busy_ms: 0, unpriced: 0, valued: 0, human_minutes: 0 }
  const tokens = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 }
  const cost = { cost_usd: times * cost_usd, estimated_usd: times * cost_usd }
  return {
    day,
    agent_id: 'ada',
    provider: 'anthropic',
    model: 'opus',
    runtime: 'claude-code',
    ...counts,
    ...tokens,
    ...cost
  }
}

test('of money that is taken back nothing is left behind', () => {
  const usage = usageStore(db)
  for (const cost of [0.1, 0.2, 0.7]) usage.add(row(cost))
  for (const cost of [0.7, 0.1]) usage.add(row(cost, -1))
  expect(usage.total(span)).toMatchObject({ runs: 1, cost_usd: 0.2, estimated_usd: 0.2 })
  usage.add(row(0.2, -1))
  expect(usage.total(span)).toMatchObject({ runs: 0, cost_usd: 0, estimated_usd: 0 })
})

test('what was summed with noise by an earlier version is told without', () => {
  const usage = usageStore(db)
  usage.add(row(0.1))
  db.exec('UPDATE usage_daily SET cost_usd = 0.1 + 0.2')
  expect(db.prepare('SELECT cost_usd FROM usage_daily').pluck().get()).not.toBe(0.3)
  expect(usage.total(span)?.cost_usd).toBe(0.3)
  expect(usage.linesOf(day, span).map(line => line.cost_usd)).toEqual([0.3])
  expect(usage.linesOf(day, span)[0]).toMatchObject({ day, agent_id: 'ada', provider: 'anthropic', model: 'opus' })
})
