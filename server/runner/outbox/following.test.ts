import { describe, expect, test, vi } from 'vitest'
import { type Delivery, numbers, setupOutbox as setup, stored, ts } from '../../../test/kit/outbox.ts'

describe('a batch that follows one on its way', () => {
  /** The first item alone is on its way, and a whole batch behind it. */
  async function following(items = 500) {
    const around = setup()
    for (let i = 0; i < 1 + items; i++) around.say('x')
    const first = await around.delivery()
    return { ...around, first, second: await around.delivery() }
  }
  const from = (delivery: Delivery) => [delivery.follows, numbers(delivery)[0], numbers(delivery).at(-1)]

  test('goes when it is whole, and says that it follows; a third one waits', async () => {
    const { first, second, delivery, deliveries } = await following(1200)
    expect([from(first), from(second)]).toEqual([
      [false, 1, 1],
      [true, 2, 501]
    ])
    expect(deliveries).toHaveLength(2)
    first.reply(stored(1))
    expect(from(await delivery())).toEqual([true, 502, 1001])
  })

  test('is not sent while it is less than whole', async () => {
    const { delivery, say, deliveries } = setup()
    for (let i = 0; i < 500; i++) say('x')
    const first = await delivery()
    expect(deliveries).toHaveLength(1)
    first.reply(stored(1))
    expect(from(await delivery())).toEqual([false, 2, 500])
  })

  test('when it is answered first, those before it are stored, too', async () => {
    const { first, second, delivery, say, onForgotten } = await following()
    second.reply(stored(501))
    say('y')
    expect(from(await delivery())).toEqual([false, 502, 502])
    first.reply({ type: 'away' })
    expect(onForgotten).not.toHaveBeenCalled()
  })

  test('when the one before it is lost, both are sent again, in order, once neither is on its way', async () => {
    const { first, second, delivery, deliveries, onForgotten } = await following()
    first.reply({ type: 'away' })
    await vi.waitFor(() => expect(deliveries).toHaveLength(2))
    second.reply({ type: 'gap', acked: 0 })
    const again = await delivery()
    expect(from(again)).toEqual([false, 1, 500])
    again.reply(stored(500))
    expect(from(await delivery())).toEqual([false, 501, 501])
    expect(onForgotten).not.toHaveBeenCalled()
  })

  test('when it comes too early, it is sent again, and nothing is said to be missing', async () => {
    const { first, second, delivery, onForgotten } = await following()
    second.reply({ type: 'gap', acked: 0 })
    first.reply(stored(1))
    const again = await delivery()
    expect(from(again)).toEqual([false, 2, 501])
    expect(again.items.every(({ type }) => type === 'event')).toBe(true)
    expect(onForgotten).not.toHaveBeenCalled()
  })

  test('when only the answer of the one before it is lost, nothing is sent again', async () => {
    const { outbox, first, second, delivery } = await following()
    first.reply({ type: 'away' })
    second.reply(stored(501))
    void outbox.close({ outcome: 'SUCCEEDED', result: null, error: null, ts })
    const last = await delivery()
    expect([last.items, last.finish?.outcome]).toEqual([[], 'SUCCEEDED'])
  })

  test('when it does not get through, it goes in smaller pieces', async () => {
    const { first, second, delivery } = await following()
    second.reply({ type: 'too large' })
    first.reply(stored(1))
    const smaller = await delivery()
    expect(numbers(smaller)[0]).toBe(2)
    expect(smaller.items.length).toBeLessThan(400)
  })

  test('does not go behind a turn, whose answer is waited for', async () => {
    const { outbox, delivery, say, deliveries } = setup()
    const next = outbox.endTurn(ts)
    for (let i = 0; i < 600; i++) say('x')
    const turn = await delivery()
    expect(deliveries).toHaveLength(1)
    turn.reply(stored(1, null))
    expect(await next).toBeNull()
    expect(from(await delivery())).toEqual([false, 2, 501])
  })

  test('may bring the end along', async () => {
    const { outbox, delivery, say } = setup()
    for (let i = 0; i < 500; i++) say('x')
    const first = await delivery()
    const closed = outbox.close({ outcome: 'SUCCEEDED', result: null, error: null, ts })
    say('too late')
    first.reply(stored(1))
    const last = await delivery()
    expect([last.follows, last.finish?.outcome]).toEqual([false, 'SUCCEEDED'])
    last.reply(stored(500))
    expect(await closed).toBe('stored')
  })
})
