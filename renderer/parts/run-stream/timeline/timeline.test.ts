import { expect, test } from 'vitest'
import type { Run } from '#contract/runs/runs'
import type { Row } from '../stream/rows.ts'
import { landmarks, timelineOf, wholeSums } from './timeline.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')
const at = (second: number) => new Date(start + second * 1000).toISOString()
const run = { status: 'SUCCEEDED', endedAt: at(20) } as Run

function call(seq: number, from: number, to: number | null, isError = false): Row {
  const use = { toolUseId: `t${seq}`, tool: 'Bash', toolKind: 'command' as const, argument: 'x', input: {} }
  const result = to === null ? null : { seq: seq + 1, ts: at(to), data: { toolUseId: `t${seq}`, isError, text: '' } }
  return { type: 'call', seq, ts: at(from), use, result, children: [] }
}

function asked(seq: number, from: number, waitedMs: number): Row {
  const request = {
    approvalId: 'a',
    state: 'requested' as const,
    approvalKind: 'tool' as const,
    tool: 'Bash',
    title: 'runs',
    subject: 'date'
  }
  return { type: 'approval', seq, ts: at(from), request, decision: { ...request, state: 'approved', waitedMs } }
}

const prompt: Row = { type: 'prompt', seq: 1, ts: at(0), text: 'go', images: [] }

test('the model has what tools and people leave', () => {
  const timeline = timelineOf(run, [prompt, call(2, 2, 6), call(4, 10, 12)], 0)
  expect(timeline?.sums).toEqual({ model: 14_000, tools: 6000, waiting: 0 })
  expect(timeline?.spans.map(span => span.kind)).toEqual(['model', 'tools', 'model', 'tools', 'model'])
})

test('a tool that waits for a person is waiting, and calls side by side count once', () => {
  const timeline = timelineOf(run, [prompt, call(2, 2, 12), asked(3, 3, 5000), call(5, 4, 14)], 0)
  expect(timeline?.sums).toEqual({ model: 8000, tools: 7000, waiting: 5000 })
})

test('a call that still runs reaches until now, and the whole is as long as the run', () => {
  const live = { status: 'RUNNING', endedAt: null } as Run
  const timeline = timelineOf(live, [prompt, call(2, 5, null)], start + 30_000)
  expect(timeline?.sums).toEqual({ model: 5000, tools: 25_000, waiting: 0 })
})

test('over the whole run the control plane counts, and the rows may know of more', () => {
  const whole = { ...run, startedAt: at(0), durationMs: 20_000, waitedMs: 4000, toolsMs: 5000 } as Run
  expect(wholeSums(whole, { model: 1, tools: 2, waiting: 3 }, 0)).toEqual({ model: 11_000, tools: 5000, waiting: 4000 })
  expect(wholeSums(whole, { model: 1, tools: 9000, waiting: 3 }, 0).tools).toBe(9000)
  const asking = { ...whole, status: 'WAITING', durationMs: null, statusSince: at(15) } as Run
  expect(wholeSums(asking, { model: 0, tools: 0, waiting: 0 }, start + 25_000).waiting).toBe(14_000)
})

test('failures are marks that a menu always offers', () => {
  const timeline = timelineOf(run, [prompt, call(2, 2, 3, true), call(4, 5, 15)], 0)
  if (!timeline) throw new Error('no timeline')
  expect(landmarks(timeline, 2).map(span => [span.kind, span.seq])).toEqual([
    ['error', 2],
    ['tools', 4]
  ])
  expect(timelineOf(run, [], 0)).toBeNull()
})
