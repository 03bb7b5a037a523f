import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { RunItem } from '#contract/runners/runner-protocol'
import type { Delta } from '#contract/runs/events'
import { createRedactor } from '../execution/redact.ts'
import { Spool } from '../spool/spool.ts'
import { maxWaitingBytes } from './backlog.ts'
import { type Batch, Outbox, type Reply } from './outbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotilla-outbox-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ts = '2026-01-01T00:00:00.000Z'

interface Delivery {
  items: RunItem[]
  deltas: Delta[]
  finish: Batch['finish']
  reply(reply: Reply): void
}

/** An outbox whose other side is the test: it sees each delivery and answers when it likes. */
function setup(env: Record<string, string> = {}) {
  const deliveries: Delivery[] = []
  const onGone = vi.fn()
  const onRoom = vi.fn()
  const outbox = new Outbox({
    send: ({ items, deltas, finish }) =>
      new Promise(reply => deliveries.push({ items: JSON.parse(items), deltas: JSON.parse(deltas), finish, reply })),
    redactor: createRedactor(env),
    file: new Spool(() => folder).file({ runId: randomUUID(), attempt: 1 }),
    pauseMs: () => 1,
    onGone,
    onRoom
  })
  let seen = 0
  async function delivery(): Promise<Delivery> {
    await vi.waitUntil(() => deliveries.length > seen)
    const next = deliveries[seen++]
    if (next === undefined) throw new Error('no delivery')
    return next
  }
  const say = (message: string) => outbox.push({ type: 'event', ts, kind: 'assistant', message, data: {} })
  return { outbox, delivery, say, onGone, onRoom, deliveries }
}

function numbers(delivery: Delivery): number[] {
  return delivery.items.map(item => item.n)
}

function stored(acked: number, next?: string | null): Reply {
  return { type: 'stored', acked, next }
}

describe('the outbox of a run', () => {
  test('sends the first item at once and gathers what comes meanwhile', async () => {
    const { delivery, say, deliveries } = setup()
    for (const word of ['a', 'b', 'c']) say(word)
    const first = await delivery()
    expect(numbers(first)).toEqual([1])
    expect(deliveries).toHaveLength(1)
    first.reply(stored(1))
    const second = await delivery()
    expect(numbers(second)).toEqual([2, 3])
  })

  test('sends again what nobody acknowledged', async () => {
    const { delivery, say } = setup()
    say('a')
    const first = await delivery()
    first.reply({ type: 'away' })
    const again = await delivery()
    expect(numbers(again)).toEqual([1])
  })

  test('goes back to the last stored item when some are missing there', async () => {
    const { delivery, say } = setup()
    say('a')
    say('b')
    const first = await delivery()
    first.reply({ type: 'away' })
    const again = await delivery()
    expect(numbers(again)).toEqual([1, 2])
    again.reply({ type: 'gap', acked: 1 })
    const third = await delivery()
    expect(numbers(third)).toEqual([2])
  })

  test('gives the run up when what is missing has been dropped here', async () => {
    const { delivery, say, onGone } = setup()
    say('a')
    const first = await delivery()
    first.reply(stored(1))
    say('b')
    const second = await delivery()
    second.reply({ type: 'gap', acked: 0 })
    await vi.waitUntil(() => onGone.mock.calls.length > 0)
  })

  test('a batch keeps to its limits of items and bytes', async () => {
    const { delivery, say } = setup()
    for (let i = 0; i < 1200; i++) say('x')
    for (let i = 0; i < 6; i++) say('y'.repeat(900_000))
    const sizes: number[] = []
    for (let acked = 0; acked < 1206; ) {
      const next = await delivery()
      sizes.push(next.items.length)
      expect(JSON.stringify(next.items).length).toBeLessThan(5 * 1024 * 1024)
      acked = numbers(next).at(-1) ?? 0
      next.reply(stored(acked))
    }
    expect(Math.max(...sizes)).toBe(500)
    expect(sizes.reduce((a, b) => a + b)).toBe(1206)
  })

  test('is full above its bound and says when there is room, losing nothing', async () => {
    const { outbox, delivery, say, onRoom } = setup()
    const first = delivery()
    for (let i = 0; i < 10; i++) say('z'.repeat(990_000))
    expect(outbox.full).toBe(true)
    expect(maxWaitingBytes).toBeLessThan(10 * 990_000)
    const { reply } = await first
    reply(stored(1))
    let acked = 1
    while (acked < 10) {
      const next = await delivery()
      expect(numbers(next)[0]).toBe(acked + 1)
      acked = numbers(next).at(-1) ?? 0
      next.reply(stored(acked))
    }
    await vi.waitUntil(() => onRoom.mock.calls.length > 0)
    expect(outbox.full).toBe(false)
  })

  test('the answer to a turn is the next message, also when the turn had to be sent twice', async () => {
    const { outbox, delivery, say } = setup()
    say('a')
    const first = await delivery()
    const next = outbox.endTurn(ts)
    first.reply(stored(1))
    const turn = await delivery()
    expect(turn.items.map(item => item.type)).toEqual(['turn'])
    turn.reply({ type: 'away' })
    outbox.resume(2)
    const again = await delivery()
    expect(numbers(again)).toEqual([2])
    again.reply(stored(2, 'and now this'))
    expect(await next).toBe('and now this')
  })

  test('the end comes last, with everything before it stored', async () => {
    const { outbox, delivery, say } = setup()
    say('a')
    const first = await delivery()
    say('b')
    const closed = outbox.close({ outcome: 'SUCCEEDED', result: 'done', error: null, ts })
    say('too late')
    first.reply(stored(1))
    const last = await delivery()
    expect(numbers(last)).toEqual([2])
    expect(last.finish).toMatchObject({ outcome: 'SUCCEEDED', result: 'done' })
    last.reply({ type: 'away' })
    const again = await delivery()
    expect(again.finish).not.toBeNull()
    again.reply(stored(2))
    expect(await closed).toBe('stored')
  })

  test('after it is dropped it is silent and everybody who waits is told', async () => {
    const { outbox, delivery, say, onRoom, deliveries } = setup()
    say('a')
    await delivery()
    const next = outbox.endTurn(ts)
    const closed = outbox.close({ outcome: 'FAILED', result: null, error: null, ts })
    outbox.drop()
    expect(await next).toBeNull()
    expect(await closed).toBe('gone')
    expect(onRoom).toHaveBeenCalled()
    say('b')
    expect(deliveries).toHaveLength(1)
  })
})

describe('half-finished text', () => {
  const delta = (text: string, block = 'b1'): Delta => ({ block, kind: 'assistant', text })

  test('is joined per block and rides along', async () => {
    const { outbox, delivery } = setup()
    for (const text of ['one ', 'two ', 'three']) outbox.delta(delta(text))
    const first = await delivery()
    expect(first.items).toEqual([])
    expect(first.deltas).toEqual([delta('one two three')])
  })

  test('is dropped when its block has come whole', async () => {
    const { outbox, delivery } = setup()
    outbox.delta(delta('half'))
    outbox.push({ type: 'event', ts, kind: 'assistant', message: 'half and whole', data: { block: 'b1' } })
    const first = await delivery()
    expect(first.deltas).toEqual([])
  })

  test('never shows a secret, wherever the pieces are cut', async () => {
    const secret = 'sk-0123456789'
    for (let cut = 1; cut < secret.length; cut++) {
      const { outbox, delivery } = setup({ API_KEY: secret })
      outbox.delta(delta(`key ${secret.slice(0, cut)}`))
      outbox.delta(delta(`${secret.slice(cut)} end`))
      const first = await delivery()
      expect(first.deltas).toEqual([delta('key [redacted API_KEY] end')])
      outbox.drop()
    }
  })

  test('is thrown away rather than heaped up when nobody takes it', async () => {
    const { outbox, delivery, say } = setup()
    say('a')
    const first = await delivery()
    for (let i = 0; i < 1000; i++) outbox.delta(delta('x'.repeat(1000)))
    first.reply(stored(1))
    const second = await delivery()
    expect(second.deltas[0]?.text.length).toBeLessThanOrEqual(256_000)
  })
})
