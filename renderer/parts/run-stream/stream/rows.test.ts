import { describe, expect, test } from 'vitest'
import type { EventKind, RunEvent } from '#contract/runs/events'
import { apply, applyDelta, emptyModel, forgetBefore, modelOf, type Row } from './rows.ts'

let seq = 0

function event(kind: EventKind, message: string, data: Record<string, unknown> = {}): RunEvent {
  seq += 1
  return { seq, ts: new Date(1_700_000_000_000 + seq * 1000).toISOString(), kind, message, data }
}

function use(toolUseId: string, more: Record<string, unknown> = {}): RunEvent {
  return event('tool_use', '', {
    toolUseId,
    tool: 'Read',
    toolKind: 'read',
    argument: 'a.ts',
    input: { path: 'a.ts' },
    ...more
  })
}

function result(toolUseId: string, more: Record<string, unknown> = {}): RunEvent {
  return event('tool_result', '', { toolUseId, isError: false, text: 'ok', ...more })
}

function call(row: Row | undefined) {
  if (row?.type !== 'call') throw new Error('not a call')
  return row
}

describe('rows', () => {
  test('a call and its result are one row, even when others lie between', () => {
    const { rows } = modelOf([use('a'), use('b'), result('b', { isError: true }), result('a')])
    expect(rows).toHaveLength(2)
    expect(call(rows[0]).result?.data.isError).toBe(false)
    expect(call(rows[1]).result?.data.isError).toBe(true)
  })

  test('a result whose call is not loaded still shows', () => {
    const { rows } = modelOf([result('gone')])
    expect(call(rows[0]).use.tool).toBe('Result')
  })

  test('a request and its decision are one row', () => {
    const asked = {
      approvalId: 'x',
      approvalKind: 'tool',
      tool: 'Bash',
      title: 'wants to run a command',
      subject: 'date'
    }
    const { rows } = modelOf([
      event('approval', '', { ...asked, state: 'requested' }),
      event('assistant', 'meanwhile'),
      event('approval', '', { ...asked, state: 'denied', by: 'you', reason: 'no' })
    ])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({ type: 'approval', request: { state: 'requested' }, decision: { state: 'denied' } })
  })

  const about = (toolUseId: string) => ({
    approvalId: `of ${toolUseId}`,
    approvalKind: 'tool',
    tool: 'Bash',
    title: '',
    subject: '',
    toolUseId
  })

  test('a call knows what was asked about it and how it was decided', () => {
    const model = modelOf([use('a'), event('approval', '', { ...about('a'), state: 'requested' })])
    expect(call(model.rows[0]).approval?.decision).toBeNull()
    apply(model, event('approval', '', { ...about('a'), state: 'approved', waitedMs: 5000 }))
    expect(call(model.rows[0]).approval?.decision).toMatchObject({ state: 'approved', waitedMs: 5000 })
    expect(model.rows[1]).toMatchObject({ type: 'approval', inToolCall: 'top' })
  })

  test('a request that is told of before its call belongs to it all the same', () => {
    const { rows } = modelOf([
      event('approval', '', { ...about('a'), state: 'requested' }),
      use('a'),
      event('approval', '', { ...about('a'), state: 'denied' })
    ])
    expect(rows[0]).toMatchObject({ type: 'approval', inToolCall: 'top' })
    expect(call(rows[1]).approval?.decision?.state).toBe('denied')
  })

  test('a request about a call inside of a sub-agent is told apart, for it cannot wait inside', () => {
    const { rows } = modelOf([
      use('outer', { toolKind: 'agent' }),
      use('leaf', { parent: 'outer' }),
      event('approval', '', { ...about('leaf'), state: 'requested' })
    ])
    expect(rows[1]).toMatchObject({ type: 'approval', inToolCall: 'nested', decision: null })
  })

  test('what a sub-agent does lies inside its call, at any depth', () => {
    const { rows } = modelOf([
      use('outer', { toolKind: 'agent' }),
      use('inner', { toolKind: 'agent', parent: 'outer' }),
      use('leaf', { parent: 'inner' }),
      event('assistant', 'from inside', { parent: 'outer' }),
      result('leaf', { parent: 'inner' })
    ])
    expect(rows).toHaveLength(1)
    const outer = call(rows[0])
    expect(outer.children.map(row => row.type)).toEqual(['call', 'text'])
    expect(call(call(outer.children[0]).children[0]).result).not.toBeNull()
  })

  test('a row is a new object when something inside it changed, and the same when nothing did', () => {
    const model = modelOf([use('outer', { toolKind: 'agent' }), use('leaf', { parent: 'outer' }), use('other')])
    const [outer, other] = [...model.rows]
    apply(model, result('leaf', { parent: 'outer' }))
    expect(model.rows[0]).not.toBe(outer)
    expect(model.rows[1]).toBe(other)
  })

  test('data of an unknown shape shows its message and breaks nothing', () => {
    const { rows } = modelOf([event('tool_use', 'odd', { tool: 7 }), event('tool_result', 'odder', {})])
    expect(rows.map(row => row.type)).toEqual(['system', 'system'])
  })

  test('usage takes no row', () => expect(modelOf([event('usage', '')]).rows).toEqual([]))

  test('thinking says how long it took: as told, else since the event before', () => {
    const { rows } = modelOf([
      event('user', 'go'),
      event('thinking', 'hm'),
      event('thinking', 'hm', { durationMs: 8000 })
    ])
    expect(rows.slice(1)).toMatchObject([{ tookMs: 1000 }, { tookMs: 8000 }])
  })

  test('a newer checklist gives the older one a new identity, so that it folds', () => {
    const model = modelOf([use('t1', { toolKind: 'todo' })])
    const older = model.rows[0]
    apply(model, use('t2', { toolKind: 'todo' }))
    expect(model.rows[0]).not.toBe(older)
    expect(model.newestTodo).toBe(model.rows[1]?.seq)
  })
})

describe('live text', () => {
  test('grows by deltas and gives way to the finished block', () => {
    const model = emptyModel()
    applyDelta(model, { block: 'b1', kind: 'assistant', text: 'Hel' })
    applyDelta(model, { block: 'b1', kind: 'assistant', text: 'lo' })
    expect(model.live).toEqual([{ block: 'b1', kind: 'assistant', parent: null, text: 'Hello' }])
    apply(model, event('assistant', 'Hello'))
    expect(model.live).toEqual([])
    expect(model.rows).toHaveLength(1)
  })

  test('a finished block of another kind or another agent leaves it alone', () => {
    const model = emptyModel()
    applyDelta(model, { block: 'b1', kind: 'assistant', text: 'Hel' })
    apply(model, event('thinking', 'hm'))
    apply(model, event('assistant', 'inner', { parent: 'sub' }))
    expect(model.live).toHaveLength(1)
  })
})

test('what is forgotten leaves what goes on: its result still finds it', () => {
  const first = use('open')
  const events = [first, use('a'), result('a'), use('sub', { toolKind: 'agent' }), use('in', { parent: 'sub' })]
  const model = modelOf(events)
  const last = event('assistant', 'new')
  apply(model, last)
  forgetBefore(model, last.seq)
  expect(model.rows.map(row => row.type)).toEqual(['call', 'call', 'text'])
  apply(model, result('open'))
  apply(model, result('in', { parent: 'sub' }))
  expect(call(model.rows[0]).result).not.toBeNull()
  expect(call(call(model.rows[1]).children[0]).result).not.toBeNull()
  expect(model.rows).toHaveLength(3)
})

// One that looked back for each of them would not be done within the limit of a test.
test('a hundred thousand events are folded into their rows', () => {
  const events: RunEvent[] = []
  for (let i = 0; i < 50_000; i++) events.push(use(`c${i}`), result(`c${i}`))
  const { rows } = modelOf(events)
  expect(rows).toHaveLength(50_000)
})
