import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { audited, unaudited } from './audited.ts'

test('every table is either watched, or it is said why not', () => {
  const db = new Sqlite(':memory:')
  for (const { sql } of migrations) db.exec(sql)
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  const decided = [...audited.map(thing => thing.table), ...Object.keys(unaudited)]
  expect(decided.sort()).toEqual(tables.sort())
})
