import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { getRun, launchRun } from '#contract/runs/runs'
import { eventsOf } from '../kit/events.ts'
import { connectRunner } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
afterEach(() => app.close())

const say = (message: string) => ({ type: 'event', kind: 'assistant', message, data: {} })

describe('items', () => {
  /** A run that a runner holds, and the two ways to send items of it. */
  async function taken() {
    app = await startApp()
    const runner = await connectRunner(app)
    const { id } = await app.call(launchRun, { body: { prompt: 'x' } })
    const { attempt } = await runner.claimOne()
    const ts = new Date().toISOString()
    const head = { runnerId: runner.runnerId, incarnation: runner.incarnation, attempt }
    const path = `/api/v1/runner/runs/${id}`
    const send = (numbers: number[], more: object = {}) =>
      app.request('POST', `${path}/events`, {
        body: { ...head, ...more, items: numbers.map(n => ({ ...say(`item ${n}`), n, ts })) }
      })
    const lines = (items: readonly string[], end?: object) =>
      app.request('POST', `${path}/${end ? 'finish' : 'events'}`, {
        headers: { 'content-type': 'application/x-ndjson' },
        body: [JSON.stringify({ ...head, ...end }), ...items].join('\n')
      })
    return { id, ts, send, lines }
  }

  const messages = async (id: string) =>
    (await eventsOf(app, id)).filter(({ kind }) => kind === 'assistant').map(({ message }) => message)

  /** The texts of its events, as they lie in the store. */
  function stored(id: string): string[] {
    const db = new Database(join(app.dataDir, 'flotilla.db'), { readonly: true })
    const rows = db.prepare('SELECT body FROM events WHERE id >> 32 = (SELECT number FROM runs WHERE id = ?)').pluck()
    const bodies = rows.all(id) as string[]
    db.close()
    return bodies
  }

  test('of a batch that overtook the one before it wait for that, and both are stored in order', async () => {
    const { id, send } = await taken()
    const second = send([3, 4], { follows: true })
    const first = send([1, 2])
    expect([(await first).body, (await second).body]).toEqual([{ acked: 2 }, { acked: 4 }])
    expect(await messages(id)).toEqual(['item 1', 'item 2', 'item 3', 'item 4'])
  })

  test('of a batch whose one before it is lost are refused after a while, and none is stored', async () => {
    const { id, send } = await taken()
    const { error } = await send([3, 4], { follows: true })
    expect([error.code, error.details]).toEqual(['EVENT_GAP', { acked: 0 }])
    expect((await send([1, 2, 3, 4])).body).toEqual({ acked: 4 })
    expect(await messages(id)).toEqual(['item 1', 'item 2', 'item 3', 'item 4'])
  })

  test('of two batches that both overtook are refused but for one of them', async () => {
    const { id, send } = await taken()
    const early = [send([3], { follows: true }), send([4], { follows: true })]
    const refused = await Promise.race(early)
    expect(refused.error.code).toBe('EVENT_GAP')
    await send([1, 2])
    await Promise.all(early)
    expect((await messages(id)).slice(0, 2)).toEqual(['item 1', 'item 2'])
  })

  test('that come in lines are stored as they came', async () => {
    const { id, ts, lines } = await taken()
    // A form that nobody here would write: it is kept.
    const event = `"ts":"${ts}","kind":"assistant","message":"\\u0061","data":{"a": 1.0}}`
    await lines([`{"type":"event","n":1,${event}`, `{"type":"event","n":2,${event}`])
    expect(stored(id).slice(1)).toEqual([`{"seq":2,${event}`, `{"seq":3,${event}`])
    expect(await messages(id)).toEqual(['a', 'a'])
  })

  test.each([
    ['in another order', `{"n":1,"type":"event","kind":"assistant","ts":"%ts","data":{},"message":"a"}`],
    ['with more in them', `{"type":"event","n":1,"ts":"%ts","kind":"assistant","message":"a","data":{},"more":1}`],
    ['with a line end in them', `{"type":"event","n":1,"ts":"%ts",\r"kind":"assistant","message":"a","data":{}}`]
  ])('that come in lines %s are stored as all are', async (_, line) => {
    const { id, ts, lines } = await taken()
    expect((await lines([line.replace('%ts', ts)])).body).toEqual({ acked: 1 })
    const event = { seq: 2, ts, kind: 'assistant', message: 'a', data: {} }
    expect(stored(id)[1]).toBe(JSON.stringify(event))
  })

  test.each([
    ['no JSON', ['{"type":"event"'], 'Line 2 of the body is not JSON'],
    ['no item', ['{"type":"event","n":1}'], 'items.0.ts'],
    ['no object', ['5'], 'items.0'],
    ['too many', Array.from({ length: 20_000 }, () => '{}'), 'items']
  ])('that come in lines are refused where one of them is %s', async (_, items, words) => {
    const { id, lines } = await taken()
    const { status, error } = await lines(items)
    expect([status, error.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(error.message).toContain(words)
    expect(await messages(id)).toEqual([])
  })

  test('that come in lines with the end are stored with it', async () => {
    const { id, ts, lines } = await taken()
    const item = JSON.stringify({ ...say('item 1'), n: 1, ts })
    const end = { outcome: 'SUCCEEDED', result: 'ok', error: null, ts }
    expect((await lines([item], end)).body).toEqual({ acked: 1 })
    expect(await app.call(getRun, { params: { id } })).toMatchObject({ status: 'SUCCEEDED', result: 'ok' })
    expect(await messages(id)).toEqual(['item 1'])
  })
})
