import { setImmediate as moment } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWriter, type Writer } from './writer.ts'

let db: Sqlite.Database
let writer: Writer

beforeEach(() => {
  db = new Sqlite(':memory:')
  db.exec('CREATE TABLE t (x INTEGER)')
  writer = createWriter(db)
})

afterEach(() => vi.useRealTimers())

const insert = (x: number) => db.prepare('INSERT INTO t VALUES (?)').run(x)
const all = () => db.prepare('SELECT x FROM t').pluck().all()

test('an idle writer commits at once, before the caller goes on', () => {
  void writer.write(() => insert(1))
  expect(all()).toEqual([1])
  expect(db.inTransaction).toBe(false)
})

test('what arrives while commits are frequent is committed as one group', async () => {
  let commits = 0
  void writer.write(() => insert(0))
  const jobs = Array.from({ length: 50 }, (_, x) =>
    writer.write(() => {
      if (x === 0) commits++
      insert(x + 1)
      return db.inTransaction
    })
  )
  expect(all()).toEqual([0])
  expect(await Promise.all(jobs)).toEqual(Array(50).fill(true))
  expect(all()).toHaveLength(51)
  expect(commits).toBe(1)
})

test('commits that seldom meet do not wait for each other, those that keep coming do', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  for (let x = 1; x <= 4; x++) {
    void writer.write(() => insert(x))
    await moment()
    expect(all()).toHaveLength(x)
  }
  void writer.write(() => insert(5))
  await moment()
  expect(all()).toHaveLength(4)
  vi.advanceTimersByTime(4)
  expect(all()).toHaveLength(5)
})

test('a group that grows too long is committed in parts, in order, and others have their turn in between', async () => {
  void writer.write(() => insert(0))
  const groups = new Set<number>()
  let turns = 0
  const slow = (x: number) => () => {
    insert(x)
    groups.add(turns)
    const until = performance.now() + 3
    while (performance.now() < until);
  }
  const jobs = Array.from({ length: 12 }, (_, x) => writer.write(slow(x + 1)))
  const ticking = setInterval(() => turns++, 1)
  await Promise.all(jobs)
  clearInterval(ticking)
  expect(groups.size).toBeGreaterThan(1)
  expect(all()).toEqual(Array.from({ length: 13 }, (_, x) => x))
})

test('a job that throws takes back its own changes and nobody else’s', async () => {
  void writer.write(() => insert(0))
  const good = writer.write(() => insert(1))
  const bad = writer.write(() => {
    insert(2)
    throw new Error('no')
  })
  const after = writer.write(() => insert(3))
  await expect(bad).rejects.toThrow('no')
  await Promise.all([good, after])
  expect(all()).toEqual([0, 1, 3])
})

test('effects run after the commit, in order, and not for a job that failed', async () => {
  const seen: string[] = []
  await writer.write(() => {
    insert(1)
    writer.afterCommit(() => seen.push(`first ${db.inTransaction}`))
    writer.afterCommit(() => seen.push('second'))
  })
  await writer
    .write(() => {
      writer.afterCommit(() => seen.push('never'))
      throw new Error('no')
    })
    .catch(() => undefined)
  expect(seen).toEqual(['first false', 'second'])
})

test('a store that cannot be written fails the whole group as one known error, and recovers', async () => {
  db.pragma('query_only = ON')
  const both = [writer.write(() => insert(1)), writer.write(() => insert(2))]
  for (const job of both) await expect(job).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(writer.failure()).toMatch(/readonly/)
  db.pragma('query_only = OFF')
  await writer.write(() => insert(3))
  expect(writer.failure()).toBeNull()
  expect(all()).toEqual([3])
})

test.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_CORRUPT_VTAB'])(
  'a store that fails inside of a job with %s fails all of its group: nothing of the others is durable',
  async code => {
    void writer.write(() => insert(0))
    const good = writer.write(() => insert(1))
    const bad = writer.write(() => {
      throw Object.assign(new Error('the disk says no'), { code })
    })
    for (const job of [good, bad]) await expect(job).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(all()).toEqual([0])
    expect(writer.failure()).toBe('the disk says no')
  }
)

test('a disk that is full in the midst of a job fails all of its group, and the next one is taken', async () => {
  db.exec('CREATE TABLE large (x BLOB)')
  const pages = db.pragma('page_count', { simple: true })
  db.pragma(`max_page_count = ${pages}`)
  void writer.write(() => insert(0))
  const good = writer.write(() => insert(1))
  const bad = writer.write(() => db.prepare('INSERT INTO large VALUES (zeroblob(1000000))').run())
  for (const job of [good, bad]) await expect(job).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await writer.write(() => insert(2))
  expect(all()).toEqual([0, 2])
})

test('a job that breaks a rule of the store is no failure of the store', async () => {
  db.exec('CREATE UNIQUE INDEX one ON t (x)')
  void writer.write(() => insert(0))
  const good = writer.write(() => insert(1))
  await expect(writer.write(() => insert(0))).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' })
  await good
  expect(all()).toEqual([0, 1])
})

test('closing commits what waits and takes no more', async () => {
  void writer.write(() => insert(1))
  const waiting = writer.write(() => insert(2))
  writer.close()
  await waiting
  expect(all()).toEqual([1, 2])
  await expect(writer.write(() => insert(3))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
})
