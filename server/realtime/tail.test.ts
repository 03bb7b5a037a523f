import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RunStatus } from '#contract/runs/runs'
import type { ChangeRow } from '../store/changes.ts'
import type { StoredEvent } from '../store/runs/events.ts'
import type { Store } from '../store/store.ts'
import { batchOf, createBus } from './bus.ts'
import { tailChanges } from './change-tail.ts'
import { maxBuffered, tailRun } from './tail.ts'

const wire = {
  event: ({ seq }: StoredEvent) => `${seq} `,
  delta: () => 'delta ',
  end: (status: RunStatus) => status
}

/** A log of one run, with listeners; commits may hold more than their effects have told yet. */
function setup() {
  const bus = createBus()
  const events: StoredEvent[] = []
  let status: RunStatus = 'RUNNING'
  const store = {
    events: {
      after: (_: number, after: number, limit: number) => events.filter(({ seq }) => seq > after).slice(0, limit)
    },
    runs: { byNumber: () => ({ status, last_seq: events.length }) }
  } as unknown as Store
  let shown = ''
  let unsent = 0
  let resume: (() => void) | null = null
  let ended = 0
  let gone = false
  const sink = {
    write: (frames: Buffer | string) => {
      shown += frames
    },
    buffered: () => unsent,
    onceDrained(next: () => void) {
      if (unsent === 0) next()
      else resume = next
    },
    ended: () => gone
  }
  return {
    commit(count: number, then: RunStatus = status): () => void {
      const added = Array.from({ length: count }, () => {
        const event = { seq: events.length + 1, body: '{}' }
        events.push(event)
        return event
      })
      const batch = batchOf(added)
      status = then
      return () => batch && bus.publish('events', '1', { run: 1, batch })
    },
    end: () => bus.publish('end', '1', { run: 1, status }),
    listen: () => tailRun(store, bus, { run: 1, after: 0, sink, wire, onEnd: () => ended++ }),
    shown: () => [shown, ended],
    stall: () => {
      unsent = maxBuffered + 1
    },
    drain: () => {
      unsent = 0
      resume?.()
    },
    leave: () => {
      gone = true
    }
  }
}

test('the end comes after the last event, once', () => {
  const { commit, listen, end, shown } = setup()
  commit(2)
  listen()
  const tell = commit(1, 'SUCCEEDED')
  tell()
  end()
  end()
  expect(shown()).toEqual(['1 2 3 SUCCEEDED', 1])
})

test('also where more was committed, in the same group, than was told when the end was', () => {
  const { commit, listen, end, shown } = setup()
  commit(1)
  listen()
  const first = commit(1, 'LOST')
  const late = commit(2)
  first()
  end()
  expect(shown()).toEqual(['1 2 ', 0])
  late()
  expect(shown()).toEqual(['1 2 3 4 LOST', 1])
})

test('what nobody told of is read from the log, in its place', () => {
  const { commit, listen, shown } = setup()
  commit(1)
  listen()
  commit(2)
  commit(1)()
  expect(shown()).toEqual(['1 2 3 4 ', 0])
  commit(1)()
  expect(shown()).toEqual(['1 2 3 4 5 ', 0])
})

test('a listener that stalls is told nothing more until it has drained, and then all from the log', () => {
  const { commit, listen, end, shown, stall, drain } = setup()
  commit(1)
  listen()
  stall()
  for (let n = 0; n < 3; n++) commit(1)()
  commit(1, 'SUCCEEDED')()
  end()
  expect(shown()).toEqual(['1 ', 0])
  drain()
  expect(shown()).toEqual(['1 2 3 4 5 SUCCEEDED', 1])
})

test('a run that had ended before is told whole, then its end', () => {
  const { commit, listen, shown } = setup()
  commit(3, 'FAILED')
  listen()
  expect(shown()).toEqual(['1 2 3 FAILED', 1])
})

test('a run that lives again after its end was told of goes on', () => {
  const { commit, listen, end, shown } = setup()
  commit(1)
  listen()
  const lost = commit(1, 'LOST')
  const back = commit(1, 'RUNNING')
  lost()
  end()
  back()
  expect(shown()).toEqual(['1 2 3 ', 0])
  commit(1, 'SUCCEEDED')()
  end()
  expect(shown()).toEqual(['1 2 3 4 SUCCEEDED', 1])
})

test.each([
  ['between two pages of the log', () => {}],
  ['while it stalls', (listener: ReturnType<typeof setup>) => listener.stall()]
])('for who left %s nothing is read any more', async (_, before) => {
  const listener = setup()
  listener.commit(300)
  listener.listen()
  before(listener)
  const [told] = listener.shown()
  listener.leave()
  listener.commit(1, 'SUCCEEDED')()
  listener.end()
  listener.drain()
  await turn()
  expect(listener.shown()).toEqual([told, 0])
})

test('changes are not read for who left before they were', async () => {
  const bus = createBus()
  const rows: ChangeRow[] = []
  let reads = 0
  const after = (seq: number) => {
    reads++
    return rows.filter(row => row.seq > seq)
  }
  const store = { changes: { after, bounds: () => ({ first: null, last: null }) } } as unknown as Store
  let [shown, gone] = ['', false]
  const sink = {
    write: (frames: Buffer | string) => {
      shown += frames
    },
    buffered: () => 0,
    onceDrained: () => {},
    ended: () => gone
  }
  tailChanges(store, bus, { after: 0, sink, wire: { change: ({ seq }) => `${seq} `, reset: String } })
  const change = (seq: number) => {
    rows.push({ seq, noun: 'run', id: 'a', op: 'changed' } as ChangeRow)
    bus.publish('changes', '', null)
  }
  change(1)
  await turn()
  change(2)
  gone = true
  await turn()
  expect([shown, reads]).toEqual(['1 ', 2])
})
