import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from './database.ts'

let folder: string
let db: Sqlite.Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-store-'))
  db = new Sqlite(join(folder, 'flotilla.db'))
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const first = { sql: 'CREATE TABLE a (x)' }
const second = { sql: 'INSERT INTO a VALUES (1); CREATE TABLE b (y)' }
const version = (of: Sqlite.Database) => of.pragma('user_version', { simple: true })
const backups = () => readdirSync(join(folder, 'backups'))

test('a new database gets every step and needs no copy', () => {
  migrate(db, folder, [first, second])
  expect(version(db)).toBe(2)
  expect(readdirSync(folder)).not.toContain('backups')
})

test('before a step the database is copied as it was', () => {
  migrate(db, folder, [first])
  migrate(db, folder, [first, second])
  expect(version(db)).toBe(2)
  const [name] = backups()
  const copy = new Sqlite(join(folder, 'backups', name ?? ''))
  expect(version(copy)).toBe(1)
  expect(copy.prepare('SELECT count(*) FROM a').pluck().get()).toBe(0)
  copy.close()
})

test('a step that fails changes nothing', () => {
  migrate(db, folder, [first])
  const broken = { sql: 'INSERT INTO a VALUES (1); CREATE TABLE a (again)' }
  expect(() => migrate(db, folder, [first, broken])).toThrow('already exists')
  expect(version(db)).toBe(1)
  expect(db.prepare('SELECT count(*) FROM a').pluck().get()).toBe(0)
})

test('a database that is up to date is left alone', () => {
  migrate(db, folder, [first])
  migrate(db, folder, [first])
  expect(version(db)).toBe(1)
})
