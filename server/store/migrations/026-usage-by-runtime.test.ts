import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '../database.ts'
import { usageByRuntime } from './026-usage-by-runtime.ts'
import { migrations } from './index.ts'

let folder: string
let db: Sqlite.Database
const before = migrations.slice(0, migrations.indexOf(usageByRuntime))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-usage-'))
  db = new Sqlite(join(folder, 'flotilla.db'))
  migrate(db, folder, before)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** A run that ended on a day, as far as figures know of it; what else a run must have does not matter here. */
function ended(id: string, day: string, runtime: string, provider: string | null): void {
  const names = db.prepare<[], { name: string; type: string }>(
    `SELECT name, type FROM pragma_table_info('runs') WHERE "notnull" = 1 AND dflt_value IS NULL AND name <> 'number'`
  )
  const row: Record<string, string | number | null> = Object.fromEntries(
    names.all().map(({ name, type }) => [name, type === 'TEXT' ? '' : 0])
  )
  Object.assign(row, { id, runtime, provider, agent_id: 'ada', model: 'big', ended_at: Date.parse(`${day}T12:00:00Z`) })
  const columns = Object.keys(row)
  db.prepare(`INSERT INTO runs (${columns.join()}) VALUES (${columns.map(name => `@${name}`).join()})`).run(row)
}

function counted(day: string, provider: string, runs: number): void {
  for (const agent of ['ada', '*'])
    db.prepare(
      `INSERT INTO usage_daily (day, agent_id, provider, model, runs, input_tokens, cost_usd) VALUES (?, ?, ?, 'big', ?, ?, ?)`
    ).run(day, agent, provider, runs, runs * 10, runs * 0.5)
}

const lines = (agent: string) =>
  db
    .prepare(
      `SELECT day, runtime, runs, input_tokens, cost_usd FROM usage_daily WHERE agent_id = ? ORDER BY day, runtime`
    )
    .raw()
    .all(agent)

test('what was counted before is of the runtime that its runs had, where that is one; nothing of a sum is lost', () => {
  ended('a', '2026-03-01', 'claude-code', 'anthropic')
  ended('b', '2026-03-01', 'claude-code', 'anthropic')
  counted('2026-03-01', 'anthropic', 2)
  ended('c', '2026-03-02', 'claude-code', '')
  ended('d', '2026-03-02', 'command', '')
  counted('2026-03-02', '', 2)
  // Its run was deleted.
  counted('2026-03-03', 'anthropic', 1)
  // Before it was kept with a run under whom it was counted.
  ended('e', '2026-03-04', 'claude-code', null)
  counted('2026-03-04', 'anthropic', 1)
  migrate(db, folder, [...before, usageByRuntime])
  const expected = [
    ['2026-03-01', 'claude-code', 2, 20, 1],
    ['2026-03-02', '', 2, 20, 1],
    ['2026-03-03', '', 1, 10, 0.5],
    ['2026-03-04', '', 1, 10, 0.5]
  ]
  expect(lines('ada')).toEqual(expected)
  expect(lines('*')).toEqual(expected)
})
