import { describe, expect, test } from 'vitest'
import { type RunItem, runItem } from '#contract/runners/runner-protocol'
import type { Delta } from '#contract/runs/events'
import { numbers, setupOutbox as setup, stored, ts } from '../../../test/kit/outbox.ts'
import { maxWaitingBytes } from './backlog.ts'
import type { Batch } from './batch.ts'

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

  test('says what is missing there and not here any more, and goes on behind it', async () => {
    const { delivery, say, onGone, onForgotten } = setup()
    for (const acked of [1, 2, 3]) {
      say('a')
      ;(await delivery()).reply(stored(acked))
    }
    say('b')
    ;(await delivery()).reply({ type: 'gap', acked: 1 })
    const filled = await delivery()
    expect(filled.items).toMatchObject([
      { type: 'missing', n: 2, upTo: 3 },
      { type: 'event', n: 4 }
    ])
    filled.reply(stored(4))
    say('c')
    expect(numbers(await delivery())).toEqual([5])
    expect([onForgotten.mock.calls.length, onGone.mock.calls.length]).toEqual([1, 0])
  })

  test('what is missing is said also when the end is all that is left', async () => {
    const { outbox, delivery, say } = setup()
    say('a')
    ;(await delivery()).reply(stored(1))
    const closed = outbox.close({ outcome: 'SUCCEEDED', result: 'done', error: null, ts })
    ;(await delivery()).reply({ type: 'gap', acked: 0 })
    const filled = await delivery()
    expect(filled.items).toEqual([{ type: 'missing', n: 1, upTo: 1 }])
    filled.reply(stored(1))
    expect(await closed).toBe('stored')
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
    const { outbox, delivery, say, room } = setup()
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
    await room
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
    expect(await next).toEqual({ text: 'and now this', images: [] })
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

describe('what is too large to get through', () => {
  /** Takes what is at most so large, like a proxy. Resolves to the items that got through, in order, and the end. */
  async function through(most: number, { delivery }: Pick<ReturnType<typeof setup>, 'delivery'>, upTo: number) {
    const items: RunItem[] = []
    let refused = 0
    for (let finish: Batch['finish'] = null; finish === null; ) {
      const next = await delivery()
      const { reply, ...sent } = next
      if (Buffer.byteLength(JSON.stringify(sent)) > most) {
        refused++
        reply({ type: 'too large' })
        continue
      }
      items.push(...next.items)
      finish = next.finish
      reply(stored(numbers(next).at(-1) ?? upTo))
      if (finish !== null) return { items, finish, refused }
    }
    throw new Error('it did not end')
  }
  const end = { outcome: 'SUCCEEDED', error: null, ts } as const

  test('goes in smaller pieces, whole and in order', async () => {
    const { outbox, delivery, say } = setup()
    for (let i = 0; i < 40; i++) say(`${i} ${'y'.repeat(50_000)}`)
    void outbox.close({ ...end, result: 'done' })
    const { items, refused } = await through(200_000, { delivery }, 40)
    expect(items.map(item => (item.type === 'event' ? item.message.length : 0))).toEqual(
      Array.from({ length: 40 }, (_, i) => `${i} `.length + 50_000)
    )
    expect(refused).toBeLessThan(8)
  })

  test.each([
    ['of an event', 'ü'.repeat(400_000), 'short'],
    ['of what a tool gave', 'x'.repeat(900_000), 'short'],
    ['of the end', 'short', '\u0001'.repeat(800_000)]
  ])('a text %s that is too large alone is cut, and says so', async (_, text, result) => {
    const { outbox, delivery, say } = setup()
    say('before')
    outbox.push({ type: 'event', ts, kind: 'tool_result', message: 'ok', data: { output: text } })
    say('after')
    void outbox.close({ ...end, result })
    const { items, finish } = await through(300_000, { delivery }, 3)
    expect(items.map(item => item.n)).toEqual([1, 2, 3])
    expect(JSON.stringify([items, finish])).toContain('more characters are not kept')
  })

  test('is tried again later where nothing at all gets through', async () => {
    const { delivery, say } = setup()
    say('small')
    for (let n = 0; n < 30; n++) (await delivery()).reply({ type: 'too large' })
    expect(numbers(await delivery())).toEqual([1])
  })
})

describe('what a runtime claims of itself', () => {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 }
  test.each([
    ['tokens', { usage: { ...usage, inputTokens: Number.MAX_SAFE_INTEGER } }],
    ['tokens', { usage: { ...usage, outputTokens: -1 } }],
    ['tokens', { usage: { ...usage, cacheReadTokens: 0.5 } }],
    ['cost', { costUsd: 1e308 }],
    ['cost', { costUsd: Number.NaN }],
    ['context', { contextUsed: Number.POSITIVE_INFINITY }],
    ['name of its model', { model: 'm'.repeat(201) }],
    ['id of its session', { sessionId: 's'.repeat(5000) }]
  ])('is not taken where its %s cannot be, and is told once: %j', async (name, facts) => {
    const { outbox, delivery } = setup()
    outbox.delta({ block: 'b', kind: 'assistant', text: 'x' })
    const first = await delivery()
    outbox.push({ type: 'facts', facts: { cwd: '/work', contextMax: 200_000, ...facts } })
    outbox.push({ type: 'facts', facts })
    first.reply(stored(0))
    const { items } = await delivery()
    expect(items).toMatchObject([
      { type: 'event', kind: 'error', message: expect.stringContaining(name) },
      { type: 'facts', facts: { cwd: '/work', contextMax: 200_000 } },
      { type: 'facts', facts: {} }
    ])
    expect(items.every(item => runItem.safeParse(item).success)).toBe(true)
    outbox.drop()
  })

  test('is taken where it can be', async () => {
    const { outbox, delivery } = setup()
    const facts = { usage, costUsd: 12.5, contextUsed: 10, contextMax: 20, model: 'm', sessionId: 's' }
    outbox.push({ type: 'facts', facts })
    expect((await delivery()).items).toMatchObject([{ type: 'facts', facts }])
    outbox.drop()
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
