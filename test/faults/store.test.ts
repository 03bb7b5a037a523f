import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { cancelRun, getRun, launchRun, listRuns } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { eventsOf } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { connectRunner } from '../kit/runner-client.ts'
import { needsSmallDisk, type SmallDisk, smallDisk } from '../kit/small-disk.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function gapless(app: App, runId: string): Promise<void> {
  const seqs = (await eventsOf(app, runId)).map(event => event.seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
}

describe('a full disk', () => {
  const onSmallDisk = needsSmallDisk()

  onSmallDisk('refuses writes with a clear error, goes on reading, and recovers by itself', async () => {
    const disk: SmallDisk = smallDisk(12)
    closing.push(() => disk.remove())
    const app = await startApp({ dataDir: join(disk.folder, 'data') })
    closing.push(() => app.close())
    const before = await app.call(launchRun, { body: { prompt: 'before' } })
    disk.fill()
    const prompt = 'x'.repeat(600_000)
    const refused = await app.request('POST', '/api/v1/runs', { body: { prompt } })
    expect([refused.status, refused.error.code]).toEqual([503, 'STORE_UNAVAILABLE'])
    expect(refused.headers.get('retry-after')).not.toBeNull()
    expect((await app.request('GET', '/healthz')).body).toMatchObject({ status: 'degraded' })
    expect((await app.call(getRun, { params: { id: before.id } })).input).toBe('before')
    expect((await app.call(listRuns)).pagination.total).toBe(1)
    disk.free()
    const after = await app.call(launchRun, { body: { prompt } })
    expect(after.number).toBe(before.number + 1)
    expect((await app.request('GET', '/healthz')).body).toMatchObject({ status: 'ok' })
    await gapless(app, after.id)
  })
})

describe('after a kill -9, with a write-ahead log', () => {
  async function killed(): Promise<{ headless: Headless; wal: string; runId: string }> {
    const headless = await startHeadless({ args: ['--no-runner'] })
    const runner = await connectRunner(headless.app)
    const run = await headless.app.call(launchRun, { body: { prompt: 'x' } })
    const assignment = await runner.claimOne()
    for (let n = 0; n < 50; n++)
      await runner.send(assignment, { type: 'event', kind: 'assistant', message: `line ${n}`, data: {} })
    await headless.kill('SIGKILL')
    const wal = join(headless.app.dataDir, 'flotilla.db-wal')
    expect(existsSync(wal)).toBe(true)
    return { headless, wal, runId: run.id }
  }

  async function startsAgain(headless: Headless): Promise<App> {
    const again = await headless.again()
    closing.push(() => again.app.close())
    return again.app
  }

  test('as it was, everything that was acknowledged is there', async () => {
    const { headless, runId } = await killed()
    const app = await startsAgain(headless)
    expect((await eventsOf(app, runId)).at(-1)?.message).toBe('line 49')
    await gapless(app, runId)
  })

  test('torn in the middle of a frame, what came before is there and nothing has a gap', async () => {
    const { headless, wal, runId } = await killed()
    truncateSync(wal, statSync(wal).size - 2500)
    const app = await startsAgain(headless)
    await gapless(app, runId)
    expect((await app.call(getRun, { params: { id: runId } })).lastSeq).toBe((await eventsOf(app, runId)).length)
  })

  test('with garbage at its end, the garbage is passed over', async () => {
    const { headless, wal, runId } = await killed()
    writeFileSync(wal, randomBytes(9000), { flag: 'a' })
    const app = await startsAgain(headless)
    expect((await eventsOf(app, runId)).at(-1)?.message).toBe('line 49')
  })

  test('of nothing but garbage, it starts with what the database itself holds', async () => {
    const { headless, wal } = await killed()
    writeFileSync(wal, randomBytes(readFileSync(wal).length))
    const app = await startsAgain(headless)
    expect((await app.request('GET', '/healthz')).body).toMatchObject({ status: 'ok' })
  })
})

test('a hundred thousand queued runs are listed, counted, claimed and cancelled like ten', async () => {
  const dataDir = temporaryFolder()
  const app = await startApp({ dataDir })
  closing.push(() => app.close())
  const first = await app.call(launchRun, { body: { prompt: 'the first' } })
  const db = new Sqlite(join(dataDir, 'flotilla.db'))
  const columns = (db.pragma('table_info(runs)') as { name: string }[]).map(column => column.name)
  const copied = columns.map(name => {
    if (name === 'number') return 'value + 1'
    if (name === 'id' || name === 'root_run_id') return "printf('%08x-0000-7000-8000-000000000000', value)"
    return name
  })
  db.prepare(
    `WITH RECURSIVE series (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM series WHERE value < 100000)
     INSERT INTO runs (${columns.join()}) SELECT ${copied.join()} FROM runs, series WHERE number = 1`
  ).run()
  db.close()
  expect((await app.call(getSystem)).runs.QUEUED).toBe(100_001)
  expect((await app.call(listRuns, { query: { limit: 1 } })).pagination).toMatchObject({
    total: 100_001,
    hasMore: true
  })
  const runner = await connectRunner(app, { capacity: 1000 })
  expect((await runner.claim())[0]?.runId).toBe(first.id)
  const many = await runner.claim(100, 30)
  expect(many.map(assignment => assignment.number)).toEqual(many.map((_, index) => index + 2))
  await app.call(cancelRun, { params: { id: '000186a0-0000-7000-8000-000000000000' } })
  const deep = await app.call(listRuns, { query: { limit: 1, offset: 100_000 } })
  expect(deep.data[0]?.id).toBe(first.id)
  // Every one of them is told in the end that it waits for no more than its turn.
  const reason = async () =>
    (await app.call(listRuns, { query: { limit: 1, offset: 1, status: 'queued' } })).data[0]?.statusReason
  await expect.poll(reason, { timeout: 200_000 }).toBeNull()
}, 300_000)
