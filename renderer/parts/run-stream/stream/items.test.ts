import { describe, expect, test } from 'vitest'
import type { EventKind, RunEvent } from '#contract/runs/events'
import type { Run } from '#contract/runs/runs'
import { unfiltered } from './event-filter.ts'
import { indexOfEvent, itemsOf, type Segment } from './items.ts'
import { applyDelta, modelOf } from './rows.ts'

const run = { id: 'r1', number: 1, endedAt: null, status: 'RUNNING' } as Run
const ended = { ...run, endedAt: '2026-01-01T00:00:00Z', status: 'SUCCEEDED' } as Run

let seq = 0
function event(kind: EventKind, message: string, data: Record<string, unknown> = {}): RunEvent {
  seq += 1
  return { seq, ts: '2026-01-01T00:00:00Z', kind, message, data }
}
function read(id: string, more: Record<string, unknown> = {}): RunEvent[] {
  return [
    event('tool_use', '', { toolUseId: id, tool: 'Read', toolKind: 'read', argument: id, input: {}, ...more }),
    event('tool_result', '', { toolUseId: id, isError: false, text: '' })
  ]
}
function segment(events: RunEvent[], more: Partial<Segment> = {}): Segment {
  const [firstSeq, lastSeq] = [events[0]?.seq ?? 1, events.at(-1)?.seq ?? 0]
  return { run, position: 1, model: modelOf(events), firstSeq, lastSeq, hasOlder: false, complete: true, ...more }
}
const types = (segments: Segment[], opened: (key: string) => boolean = () => false) =>
  itemsOf(segments, { opened, filter: unfiltered }).map(item => (item.type === 'row' ? item.row.type : item.type))

describe('like calls', () => {
  test('three in a row fold; two do not', () => {
    expect(types([segment([...read('a'), ...read('b'), ...read('c')])])).toEqual(['fold', 'now'])
    expect(types([segment([...read('a'), ...read('b')])])).toEqual(['call', 'call', 'now'])
  })

  test('a failure, an open call or another kind ends the group', () => {
    const failed = [event('tool_use', '', { toolUseId: 'f', tool: 'Read', toolKind: 'read', argument: '', input: 0 })]
    failed.push(event('tool_result', '', { toolUseId: 'f', isError: true, text: 'no' }))
    expect(types([segment([...read('a'), ...read('b'), ...failed, ...read('c')])])).toEqual([
      'call',
      'call',
      'call',
      'call',
      'now'
    ])
  })

  test('an opened group shows its calls below its line', () => {
    const parts = [segment([...read('a'), ...read('b'), ...read('c')])]
    expect(types(parts, () => true)).toEqual(['fold', 'call', 'call', 'call', 'now'])
  })

  test('commands and edits never fold: each of them matters', () => {
    const runs = ['a', 'b', 'c', 'd'].flatMap(id => read(id, { toolKind: 'command' }))
    expect(types([segment(runs)])).toEqual(['call', 'call', 'call', 'call', 'now'])
  })
})

describe('segments', () => {
  test('a single run has no divider, a chain has one before each of its runs', () => {
    const events = [event('user', 'go')]
    expect(types([segment(events, { run: ended })])).toEqual(['prompt', 'end'])
    expect(types([segment(events, { run: ended }), segment(events, { position: 2 })])).toEqual([
      'divider',
      'prompt',
      'end',
      'divider',
      'prompt',
      'now'
    ])
  })

  test('while older events are not loaded the run has no beginning', () => {
    expect(types([segment([event('assistant', 'x')], { hasOlder: true, position: 2 })])).toEqual(['text', 'now'])
  })

  test('results cut off from their calls wait for them', () => {
    const cut = event('tool_result', '', { toolUseId: 'above', isError: false, text: '' })
    const events = [cut, event('assistant', 'x')]
    expect(types([segment(events, { hasOlder: true })])).toEqual(['text', 'now'])
    expect(types([segment(events)])).toEqual(['call', 'text', 'now'])
  })

  test('the end is not shown while newer events are missing', () => {
    expect(types([segment([event('assistant', 'x')], { run: ended, complete: false })])).toEqual(['text'])
  })

  test('the last event gives way to the end entry, one in the middle stays', () => {
    const lost = event('error', 'The runner went away', { code: 'LOST', status: 'LOST' })
    expect(types([segment([event('assistant', 'Hm.'), lost], { run: ended })])).toEqual(['text', 'end'])
    expect(types([segment([lost, event('assistant', 'Back.')])])).toEqual(['ending', 'text', 'now'])
  })

  test('growing text stands after the rows; that of a sub-agent stays inside its call', () => {
    const part = segment([event('user', 'go')])
    applyDelta(part.model, { block: 'b', kind: 'assistant', text: 'Hel' })
    applyDelta(part.model, { block: 'c', kind: 'assistant', text: 'in', parent: 'sub' })
    expect(types([part])).toEqual(['prompt', 'live', 'now'])
  })
})

test('an event is found in its row, in its fold, or else at the row before it', () => {
  const events = [
    event('user', 'go'),
    ...read('a'),
    ...read('b'),
    ...read('c'),
    event('usage', ''),
    event('assistant', 'x')
  ]
  const first = events[0]?.seq ?? 0
  const folded = itemsOf([segment(events)], { opened: () => false, filter: unfiltered })
  expect([0, 3, 8].map(n => indexOfEvent(folded, 'r1', first + n))).toEqual([0, 1, 2])
  const unfolded = itemsOf([segment(events)], { opened: () => false, filter: { hidden: [], verbosity: 'everything' } })
  expect([2, 4, 7].map(n => indexOfEvent(unfolded, 'r1', first + n))).toEqual([1, 2, 3])
})

test('keys are unique', () => {
  const parts = [segment([...read('a'), ...read('b'), ...read('c'), event('user', 'x')])]
  const keys = itemsOf(parts, { opened: () => true, filter: unfiltered }).map(item => item.key)
  expect(new Set(keys).size).toBe(keys.length)
})
