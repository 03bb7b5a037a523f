import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, type Mock, vi } from 'vitest'
import type { RunItem } from '#contract/runners/runner-protocol'
import type { Delta } from '#contract/runs/events'
import type { Batch, Reply } from '../../server/runner/outbox/batch.ts'
import { Outbox } from '../../server/runner/outbox/outbox.ts'
import { createRedactor } from '../../server/runner/redaction/redactor.ts'
import { Spool } from '../../server/runner/spool/spool.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotilla-outbox-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

export const ts = '2026-01-01T00:00:00.000Z'

export interface Delivery {
  items: RunItem[]
  deltas: Delta[]
  finish: Batch['finish']
  follows: boolean
  reply(reply: Reply): void
}

export interface OutboxUnderTest {
  outbox: Outbox
  /** The next one that was not looked at yet, once it is there. */
  delivery(): Promise<Delivery>
  say(message: string): void
  onGone: Mock
  onForgotten: Mock
  onRoom: Mock
  /** Resolves the first time that there is room again. */
  room: Promise<void>
  deliveries: readonly Delivery[]
}

const read = (item: string) => JSON.parse(item) as RunItem

/** An outbox whose other side is the test: it sees each delivery and answers when it likes. */
export function setupOutbox(env: Record<string, string> = {}): OutboxUnderTest {
  const deliveries: Delivery[] = []
  let arrived = Promise.withResolvers<void>()
  const onGone = vi.fn()
  const room = Promise.withResolvers<void>()
  const onRoom = vi.fn(room.resolve)
  const onForgotten = vi.fn()
  const outbox = new Outbox({
    send: ({ items, deltas, finish, follows }) =>
      new Promise(reply => {
        deliveries.push({ items: items.map(read), deltas: JSON.parse(deltas), finish, follows, reply })
        arrived.resolve()
        arrived = Promise.withResolvers()
      }),
    redactor: createRedactor({ environment: env }),
    file: new Spool(() => folder).file({ runId: randomUUID(), attempt: 1 }),
    pauseMs: () => 1,
    onGone,
    onForgotten,
    onRoom
  })
  let seen = 0
  async function delivery(): Promise<Delivery> {
    while (deliveries.length <= seen) await arrived.promise
    const next = deliveries[seen++]
    if (next === undefined) throw new Error('no delivery')
    return next
  }
  const say = (message: string) => outbox.push({ type: 'event', ts, kind: 'assistant', message, data: {} })
  return { outbox, delivery, say, onGone, onForgotten, onRoom, room: room.promise, deliveries }
}

export function numbers(delivery: Delivery): number[] {
  return delivery.items.map(item => item.n)
}

export function stored(acked: number, next?: string | null): Reply {
  return { type: 'stored', acked, next: next == null ? next : { text: next, images: [] } }
}
